const NANOSECONDS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};

/** Go's duration, `1m30s`, in nanoseconds; undefined when it is none. A bare 0 is the only one without a unit. */
export function parseDuration(text: string): number | undefined {
  if (text === '0') return 0;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?|\.\d+)(ns|us|µs|ms|s|m|h)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text) return undefined;
  return Math.round(
    parts.reduce((sum, [, count, unit = '']) => sum + Number(count) * (NANOSECONDS[unit] ?? 0), 0),
  );
}

const POWERS = 'bkmgtp';

/** Docker's size, `512M`, in bytes, by powers of 1024; undefined when it is none. */
export function parseSize(value: string | number): number | undefined {
  const [, count, unit = 'b'] = /^(\d+(?:\.\d+)?) ?(b|[kmgtp](?:i?b)?)?$/i.exec(String(value).trim()) ?? [];
  if (count === undefined) return undefined;
  return Math.floor(Number(count) * 1024 ** POWERS.indexOf(unit.charAt(0).toLowerCase()));
}

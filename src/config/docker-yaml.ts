import type { ScalarTag, Tags } from 'yaml';

const INTEGER = /^([-+]?)(0[xX][\da-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9]\d*)$/;
const FLOAT = /^[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?$/;
const ENDLESS = /^[-+]?\.(inf|Inf|INF)$|^\.(nan|NaN|NAN)$/;
const CLOCK = /(\d{1,2}:\d{1,2}:\d{1,2}(\.\d+)?)/.source;
const TIME = new RegExp(String.raw`^(\d{4})-(\d{1,2})-(\d{1,2})( ${CLOCK}|[Tt]${CLOCK}(Z|[-+]\d\d:\d\d))?$`);
/** From there on Go prints a float with an exponent. */
const SMALLEST_POWER = -4;
const LARGEST_POWER = 5;
const LEAST = -(2n ** 63n);
const MOST = 2n ** 64n - 1n;

/**
 * The number that Docker's parser (Go's yaml.v3) reads, undefined when it reads text. One that JavaScript has no number
 * for is a bigint.
 */
export function readNumber(text: string): number | bigint | undefined {
  const digits = /^[-+\d]/.test(text) ? text.replaceAll('_', '') : text;
  const [, sign, whole] = INTEGER.exec(digits) ?? [];
  if (whole !== undefined) {
    const value = BigInt(whole.replace(/^0(?=[0-7])/, '0o')) * (sign === '-' ? -1n : 1n);
    if (value >= LEAST && value <= MOST) return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  }
  if (ENDLESS.test(digits)) return Number.NaN;
  const value = FLOAT.test(digits) ? Number(digits) : Number.POSITIVE_INFINITY;
  return Number.isFinite(value) ? value : undefined;
}

/** What Docker makes of a plain value, where that is not what was written: `the number 1.1` of 1.10, a time of a day. */
export function findMisreading(source: string): string | undefined {
  if (isTime(source)) return 'a time';
  const value = readNumber(source);
  if (value === undefined) return undefined;
  const isWhole =
    typeof value === 'bigint' || (Number.isSafeInteger(value) && INTEGER.test(source.replaceAll('_', '')));
  const read = isWhole ? String(value) : printFloat(Number(value));
  return read === source ? undefined : `the number ${read}`;
}

function isTime(source: string): boolean {
  const [, year, month, day] = (TIME.exec(source) ?? []).map(Number);
  const isDay =
    year !== undefined && month !== undefined && day !== undefined && month > 0 && month < 13 && day > 0;
  return isDay && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** As Go prints a float. */
function printFloat(value: number): string {
  const [digits = '', power = ''] = value.toExponential().split('e');
  if (Number(power) >= SMALLEST_POWER && Number(power) <= LARGEST_POWER) return String(value);
  return `${digits}e${power.replace(/^([-+])(\d)$/, '$10$2')}`;
}

const number: ScalarTag = {
  tag: 'tag:yaml.org,2002:int',
  default: true,
  test: /^[-+.\d]/,
  resolve: (text) => {
    const value = readNumber(text);
    return typeof value === 'bigint' ? String(value) : (value ?? text);
  },
};
const boolean: ScalarTag = {
  tag: 'tag:yaml.org,2002:bool',
  default: true,
  test: /^(true|True|TRUE|false|False|FALSE)$/,
  resolve: (text) => /^t/i.test(text),
};

const KEPT = /:(map|seq|str|null|merge)$/;

/** Docker's parser knows numbers of YAML 1.1 (`0440` is octal), but `yes` and `22:22` are text. */
export function dockerTags(tags: Tags): Tags {
  const kept = tags.filter((tag) => typeof tag === 'object' && KEPT.test(tag.tag));
  return [...kept, boolean, number, { ...number, tag: 'tag:yaml.org,2002:float', default: false }];
}

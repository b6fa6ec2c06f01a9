import { parseDuration, parseSize } from './parse-units.ts';

/** A value that is one: what it may be turned into without another meaning, and what Docker then takes. */
interface Scalar {
  /** `isFilled`: a variable is in it, and Docker then takes more words for one. */
  cast(value: unknown, isFilled: boolean): unknown;
  accepts(value: unknown): boolean;
  readonly wanted: string;
}

/** No zero in front: 0400 in quotes is read as decimal by Docker, and was meant as octal. */
const NUMERAL = /^\s*-?(0|[1-9]\d*)(\.\d+)?\s*$/;
const BOOLEAN = /^\s*(true|false)\s*$/i;
const FILLED_BOOLEAN = /^(?:(true|y|yes|on)|false|n|no|off)$/i;
/** In nanoseconds: what Go has a duration for. */
const LONGEST = 2 ** 63;

const isText = (value: unknown): value is string => typeof value === 'string';
const isWhole = (value: unknown): value is number => Number.isSafeInteger(value);
const keep = (value: unknown) => value;
const toText = (value: unknown) => (typeof value === 'number' ? String(value) : value);
const toNumber = (value: unknown) => (isText(value) && NUMERAL.test(value) ? Number(value) : value);

function toBoolean(value: unknown, isFilled: boolean): unknown {
  if (!isText(value)) return value;
  if (BOOLEAN.test(value)) return /true/i.test(value);
  const [isKnown, yes] = (isFilled && FILLED_BOOLEAN.exec(value)) || [];
  return isKnown === undefined ? value : yes !== undefined;
}

export const SCALARS = {
  text: { cast: keep, accepts: isText, wanted: 'text: put it in quotes' },
  /** Compose has it as a number, too. */
  cpus: { cast: toText, accepts: isText, wanted: 'text: put it in quotes' },
  /** `NAME=value`, or a name alone. */
  pair: {
    cast: keep,
    accepts: (value) => isText(value) && /^[^=]/.test(value),
    wanted: 'NAME=value: put it in quotes',
  },
  number: { cast: toNumber, accepts: (value) => Number.isFinite(value), wanted: 'a number' },
  whole: { cast: toNumber, accepts: isWhole, wanted: 'a whole number' },
  count: {
    cast: toNumber,
    accepts: (value) => isWhole(value) && value >= 0,
    wanted: 'a whole number, not below 0',
  },
  mode: {
    cast: keep,
    accepts: (value) => isWhole(value) && value >= 0 && value <= 0o777,
    wanted: 'an octal number from 0000 to 0777, without quotes: Docker would read text as decimal',
  },
  boolean: { cast: toBoolean, accepts: (value) => typeof value === 'boolean', wanted: 'true or false' },
  duration: {
    cast: toText,
    accepts: (value) => isText(value) && (parseDuration(value) ?? LONGEST) < LONGEST,
    wanted: 'a duration with its unit, like 10s or 1m30s',
  },
  size: {
    cast: toText,
    accepts: (value) => isText(value) && parseSize(value) !== undefined,
    wanted: 'a size like 512M or 512MiB',
  },
} satisfies Record<string, Scalar>;

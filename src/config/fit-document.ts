import { isMap } from '../shared/is-map.ts';
import { suggest } from '../shared/suggest.ts';
import { parseDuration, parseSize } from './parse-units.ts';
import type { Path, Positions } from './positions.ts';
import type { Problem } from './problem.ts';
import type { Shape } from './shape.ts';
import { stackShape } from './stack-schema.ts';

/** A value that is one: what it may be turned into without another meaning, and what Docker then takes. */
interface Scalar {
  cast(value: unknown): unknown;
  accepts(value: unknown): boolean;
  readonly wanted: string;
}

const NUMERAL = /^\s*-?\d+(\.\d+)?\s*$/;
const BOOLEAN = /^\s*(true|false)\s*$/i;
const isText = (value: unknown) => typeof value === 'string';
const toText = (value: unknown) => (typeof value === 'number' ? String(value) : value);
const toNumber = (value: unknown) => (isText(value) && NUMERAL.test(value as string) ? Number(value) : value);
const toBoolean = (value: unknown) =>
  isText(value) && BOOLEAN.test(value as string) ? /true/i.test(value as string) : value;

const SCALARS = {
  text: { cast: toText, accepts: isText, wanted: 'text: put it in quotes' },
  number: { cast: toNumber, accepts: (value) => typeof value === 'number', wanted: 'a number' },
  whole: { cast: toNumber, accepts: Number.isInteger, wanted: 'a whole number' },
  boolean: { cast: toBoolean, accepts: (value) => typeof value === 'boolean', wanted: 'true or false' },
  duration: {
    cast: toText,
    accepts: (value) => isText(value) && parseDuration(value as string) !== undefined,
    wanted: 'a duration with its unit, like 10s or 1m30s',
  },
  size: {
    cast: toText,
    accepts: (value) => isText(value) && parseSize(value as string) !== undefined,
    wanted: 'a size, like 512M',
  },
} satisfies Record<string, Scalar>;

/**
 * Holds a document against what Docker takes. Gives it back with text turned into the number or boolean that is
 * wanted and numbers into text, where the meaning is the same; everything that Docker would reject, or read as
 * something else than was written, is a problem with its place.
 */
export function fitDocument(
  document: unknown,
  positions: Positions,
): { document: unknown; problems: readonly Problem[] } {
  const fitting = new Fitting(positions);
  return { document: fitting.fit(document, stackShape, []), problems: fitting.problems };
}

class Fitting {
  readonly problems: Problem[] = [];
  readonly #positions: Positions;

  constructor(positions: Positions) {
    this.#positions = positions;
  }

  fit(value: unknown, shape: Shape, path: Path): unknown {
    if (typeof shape === 'string') return this.#fitValue(value, shape, path);
    if ('words' in shape) return this.#fitWord(value, shape.words, path);
    if ('either' in shape) {
      const chosen = shape.either.find((one) => isKind(value, one)) ?? shape.either.at(-1) ?? 'anything';
      return this.fit(value, chosen, path);
    }
    if ('list' in shape) {
      if (Array.isArray(value))
        return value.map((entry, index) => this.fit(entry, shape.list, [...path, index]));
      this.#complain(path, 'must be a list');
      return value;
    }
    if (!isMap(value)) {
      this.#complain(path, 'must be a map');
      return value;
    }
    const entries = Object.entries(value).map(([key, entry]) => [
      key,
      this.#fitEntry(key, entry, shape, path),
    ]);
    return Object.fromEntries(entries);
  }

  #fitEntry(key: string, entry: unknown, shape: Shape & object, path: Path): unknown {
    const here = [...path, key];
    if ('named' in shape) return this.fit(entry, shape.named, here);
    if (!('keys' in shape)) return entry;
    if (Object.hasOwn(shape.keys, key)) return this.fit(entry, shape.keys[key] ?? 'anything', here);
    if (key.startsWith('x-')) return entry;
    this.#complain(here, `is not a key that Docker knows${suggest(key, Object.keys(shape.keys))}`);
    return entry;
  }

  #fitValue(value: unknown, shape: Extract<Shape, string>, path: Path): unknown {
    if (shape === 'anything') return value;
    if (shape === 'nothing') return value ?? null;
    if (shape === 'pairs') return this.#fitPairs(value, path);
    const { cast, accepts, wanted } = SCALARS[shape];
    const fitted = this.#positions.spelling(path) === undefined ? cast(value) : value;
    if (!accepts(fitted)) this.#complain(path, `must be ${wanted}`);
    return fitted;
  }

  #fitWord(value: unknown, words: readonly string[], path: Path): unknown {
    if (!words.includes(value as string))
      this.#complain(path, `must be ${words.join(' or ')}${suggest(String(value), words)}`);
    return value;
  }

  #fitPairs(value: unknown, path: Path): unknown {
    if (!isMap(value) && !Array.isArray(value)) {
      this.#complain(path, 'must be a map, or a list of NAME=value');
      return value;
    }
    for (const [key, entry] of Object.entries(value)) {
      const here = [...path, Array.isArray(value) ? Number(key) : key];
      if (typeof entry === 'boolean')
        this.#complain(here, `is read as the boolean ${entry}: put it in quotes`);
      else if (typeof entry === 'number' && this.#positions.spelling(here) !== undefined)
        this.#complain(
          here,
          `is read as the number ${entry}: put ${this.#positions.spelling(here)} in quotes`,
        );
      else if (typeof entry === 'object' && entry !== null) this.#complain(here, 'must be text or a number');
    }
    return value;
  }

  #complain(path: Path, message: string): void {
    this.problems.push({ ...this.#positions.locate(path), message: `${path.join('.')} ${message}` });
  }
}

function isKind(value: unknown, shape: Shape): boolean {
  if (shape === 'nothing') return value === null || value === undefined;
  if (typeof shape === 'string' || 'words' in shape) return typeof value !== 'object';
  if ('list' in shape) return Array.isArray(value);
  return isMap(value);
}

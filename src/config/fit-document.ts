import { isMap } from '../shared/is-map.ts';
import { suggest } from '../shared/suggest.ts';
import { findMisreading } from './docker-yaml.ts';
import type { Path, Positions } from './positions.ts';
import type { Problem } from './problem.ts';
import { SCALARS } from './scalars.ts';
import type { Shape } from './shape.ts';
import { stackShape } from './stack-schema.ts';

/** Keys that begin with x- are free in the file, in a service, a network and the like, and no deeper. */
const DEEPEST_FREE = 2;
/** What Docker's schema takes for the names of services, networks and the rest. */
const NAME = /^[\w.-]+$/;

/**
 * Holds a document against what Docker takes. Gives it back with text turned into the number or boolean that is
 * wanted, where the meaning is the same; everything that Docker would reject, or read as something else than was
 * written, is a problem with its place. `isPart`: keys that are not Docker's are left for later.
 */
export function fitDocument(
  document: unknown,
  positions: Positions,
  { isPart = false } = {},
): { document: unknown; problems: readonly Problem[] } {
  const fitting = new Fitting(positions, isPart);
  return { document: fitting.fit(document, stackShape, []), problems: fitting.problems };
}

class Fitting {
  readonly problems: Problem[] = [];
  readonly #positions: Positions;
  readonly #isPart: boolean;

  constructor(positions: Positions, isPart: boolean) {
    this.#positions = positions;
    this.#isPart = isPart;
  }

  fit(value: unknown, shape: Shape, path: Path): unknown {
    if (typeof shape === 'string') return this.#fitValue(value, shape, path);
    if ('words' in shape) return this.#fitWord(value, shape.words, path);
    if ('either' in shape) {
      const chosen = shape.either.find((one) => isKind(value, one)) ?? shape.either.at(-1) ?? 'anything';
      return this.fit(value, chosen, path);
    }
    if ('list' in shape) return this.#fitList(value, shape, path);
    if (!isMap(value)) {
      this.#complain(path, 'must be a map');
      return value;
    }
    const required = 'keys' in shape ? (shape.required ?? []) : [];
    for (const key of required.filter((one) => !Object.hasOwn(value, one)))
      this.#complain(path, `needs ${key}, too`);
    const entries = Object.entries(value).map(([key, entry]) => [
      key,
      this.#fitEntry(key, entry, shape, path),
    ]);
    return Object.fromEntries(entries);
  }

  #fitList(value: unknown, { list, isSet }: Extract<Shape, { list: Shape }>, path: Path): unknown {
    if (!Array.isArray(value)) {
      this.#complain(path, 'must be a list');
      return value;
    }
    if (isSet) this.#findRepeated(value, path);
    return value.map((entry, index) => this.fit(entry, list, [...path, index]));
  }

  #findRepeated(list: readonly unknown[], path: Path): void {
    const seen = new Set<unknown>();
    for (const [index, entry] of list.entries()) {
      if (seen.has(entry)) this.#complain([...path, index], 'is in the list already: leave it out');
      seen.add(entry);
    }
  }

  #fitEntry(key: string, entry: unknown, shape: Shape & object, path: Path): unknown {
    const here = [...path, key];
    if ('named' in shape) {
      if (shape.areNames && !NAME.test(key))
        this.#complain(here, 'is not a name that Docker accepts: use letters, digits, _ . and -');
      return this.fit(entry, shape.named, here);
    }
    if (!('keys' in shape)) return entry;
    if (Object.hasOwn(shape.keys, key)) return this.fit(entry, shape.keys[key] ?? 'anything', here);
    if (this.#isPart || (key.startsWith('x-') && path.length <= DEEPEST_FREE)) return entry;
    this.#complain(here, `is not a key that Docker knows${suggest(key, Object.keys(shape.keys))}`);
    return entry;
  }

  #fitValue(value: unknown, shape: Extract<Shape, string>, path: Path): unknown {
    if (shape === 'anything') return value;
    if (shape === 'nothing') return value ?? null;
    if (shape === 'pairs' || shape === 'options') return this.#fitPairs(value, shape, path);
    const { cast, accepts, wanted } = SCALARS[shape];
    const fitted = cast(value, this.#positions.isFilled(path));
    if (!accepts(fitted)) this.#complain(path, `must be ${wanted}`);
    else if (typeof fitted === 'string') this.#findMisread(path);
    return fitted;
  }

  #findMisread(path: Path): void {
    const spelling = this.#positions.spelling(path);
    if (spelling !== undefined)
      this.#complain(
        path,
        `is read as ${findMisreading(spelling)}: put ${spelling} in quotes`,
        'misread-value',
      );
  }

  #fitWord(value: unknown, words: readonly string[], path: Path): unknown {
    if (typeof value === 'number' && words.includes(String(value)))
      this.#complain(path, `must be in quotes: "${value}"`);
    else if (!words.includes(value as string))
      this.#complain(path, `must be ${words.join(' or ')}${suggest(String(value), words)}`);
    return value;
  }

  #fitPairs(value: unknown, shape: 'pairs' | 'options', path: Path): unknown {
    if (Array.isArray(value) && shape === 'pairs')
      return this.#fitList(value, { list: 'pair', isSet: true }, path);
    if (!isMap(value)) {
      this.#complain(path, shape === 'pairs' ? 'must be a map, or a list of NAME=value' : 'must be a map');
      return value;
    }
    for (const [key, entry] of Object.entries(value)) this.#fitPair(key, entry, [...path, key]);
    return value;
  }

  #fitPair(name: string, value: unknown, path: Path): void {
    if (name === '') this.#complain(path, 'has a value without a name');
    if (typeof value === 'boolean') this.#complain(path, `is read as the boolean ${value}: put it in quotes`);
    else if (typeof value === 'object' && value !== null) this.#complain(path, 'must be text or a number');
    else this.#findMisread(path);
  }

  #complain(path: Path, message: string, rule?: string): void {
    const problem = { ...this.#positions.locate(path), path, message: `${path.join('.')} ${message}` };
    this.problems.push({ ...problem, ...(rule && { rule }) });
  }
}

function isKind(value: unknown, shape: Shape): boolean {
  if (shape === 'nothing') return value === null || value === undefined;
  if (typeof shape === 'string' || 'words' in shape) return typeof value !== 'object';
  if ('list' in shape) return Array.isArray(value);
  return isMap(value);
}

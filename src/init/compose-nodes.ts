import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type Scalar,
  type YAMLMap,
} from 'yaml';

/** A key of a map with its value, where it is written. */
export interface Entry {
  readonly map: YAMLMap;
  readonly pair: Pair;
  /** Aliases are followed. */
  readonly value: unknown;
}

/** Reads a compose file's nodes, with aliases and merges followed. */
export class ComposeNodes {
  readonly #yaml: Document.Parsed;

  constructor(yaml: Document.Parsed) {
    this.#yaml = yaml;
  }

  resolve(node: unknown): unknown {
    return isAlias(node) ? node.resolve(this.#yaml) : node;
  }

  /** The entries of a section at the top: services, secrets, configs. */
  section(name: string): readonly { readonly key: string; readonly value: unknown; readonly pair: Pair }[] {
    const section = this.resolve(this.top(name)?.value);
    if (!isMap(section)) return [];
    return section.items.map((pair) => ({ key: keyOf(pair), value: this.resolve(pair.value), pair }));
  }

  /** The keys at the top. */
  tops(): readonly Pair[] {
    const top = this.#yaml.contents;
    return isMap(top) ? top.items : [];
  }

  top(name: string): Pair | undefined {
    return this.tops().find((pair) => keyOf(pair) === name);
  }

  /** The map and those that are merged into it, nearest first. */
  layers(node: unknown, trail: readonly unknown[] = []): readonly YAMLMap[] {
    const map = this.resolve(node);
    if (!isMap(map) || trail.includes(map)) return [];
    const merged = map.items.filter(isMerge).flatMap(({ value }) => {
      const from = this.resolve(value);
      return isSeq(from) ? from.items : [from];
    });
    return [map, ...merged.flatMap((one) => this.layers(one, [...trail, map]))];
  }

  /** The entry that a map has of its own or by a merge. */
  find(node: unknown, key: string): Entry | undefined {
    for (const map of this.layers(node)) {
      const pair = pairOf(map, key);
      if (pair) return { map, pair, value: this.resolve(pair.value) };
    }
    return undefined;
  }

  /** The texts of a value: itself, the items of a list, and `path` of maps in it. */
  paths(node: unknown): readonly Scalar<string>[] {
    const value = this.resolve(node);
    if (isText(value)) return [value];
    if (isSeq(value)) return value.items.flatMap((item) => this.paths(item));
    return isMap(value) ? this.paths(pairOf(value, 'path')?.value) : [];
  }
}

export const isText = (node: unknown): node is Scalar<string> =>
  isScalar(node) && typeof node.value === 'string';

export const startOf = (node: unknown) => (node as Node | undefined)?.range?.[0] ?? 0;

export function pairOf(map: YAMLMap, key: string): Pair | undefined {
  return map.items.find((pair) => !isMerge(pair) && keyOf(pair) === key);
}

export const keyOf = ({ key }: Pair) => (isScalar(key) ? (key.source ?? String(key.value)) : '');

const isMerge = ({ key }: Pair) => isScalar(key) && (key.value === '<<' || typeof key.value === 'symbol');

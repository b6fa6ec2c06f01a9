/** Keys and list indices from the top of a stack file to one value. */
export type Path = readonly (string | number)[];

/** Where a value stands in the operator's files; both count from 1. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

const SEPARATOR = '\0';
const keyOf = (path: Path) => path.join(SEPARATOR);

/** Where each value of the stack files stands. What has no place of its own (it came by an alias) has its parent's. */
export class Positions {
  readonly #places = new Map<string, Position>();
  /** How a number or a time was written, where that is not how it reads: 1.10, 0123, 2026-01-02. */
  readonly #spellings = new Map<string, string>();
  readonly #lists = new Set<string>();
  /** What has variables in it, with their names. */
  readonly #filled = new Map<string, readonly string[]>();

  note(path: Path, position: Position, spelling?: string): void {
    this.#places.set(keyOf(path), position);
    if (spelling !== undefined) this.#spellings.set(keyOf(path), spelling);
    if (typeof path.at(-1) === 'number') this.#lists.add(keyOf(path.slice(0, -1)));
  }

  locate(path: Path): Position {
    for (let length = path.length; length > 0; length--) {
      const found = this.#places.get(keyOf(path.slice(0, length)));
      if (found) return found;
    }
    return this.#places.get('') ?? { file: '', line: 1, column: 1 };
  }

  noteFilled(path: Path, names: readonly string[]): void {
    this.#filled.set(keyOf(path), names);
  }

  /** An entry of a list that is a name and its value is found by its name as well. */
  noteNamed(entry: Path, named: Path): void {
    const place = this.#places.get(keyOf(entry));
    if (place) this.#places.set(keyOf(named), place);
    const names = this.#filled.get(keyOf(entry));
    if (names) this.#filled.set(keyOf(named), names);
  }

  /** Whether the value has a place of its own. */
  has(path: Path): boolean {
    return this.#places.has(keyOf(path));
  }

  /** The variables that were filled in there. */
  variablesAt(path: Path): readonly string[] {
    return this.#filled.get(keyOf(path)) ?? [];
  }

  /** Only those of one subtree, under another path: a service that another one extends. */
  moved(from: Path, to: Path): Positions {
    const moved = new Positions();
    const [old, fresh] = [keyOf(from), keyOf(to)];
    const move = (key: string) =>
      key === old || key.startsWith(old + SEPARATOR) ? fresh + key.slice(old.length) : undefined;
    const copy = <T>(source: Iterable<readonly [string, T]>, target: Map<string, T>) => {
      for (const [key, value] of source) {
        const next = move(key);
        if (next !== undefined) target.set(next, value);
      }
    };
    copy(this.#places, moved.#places);
    copy(this.#spellings, moved.#spellings);
    copy(this.#filled, moved.#filled);
    for (const list of this.#lists) {
      const next = move(list);
      if (next !== undefined) moved.#lists.add(next);
    }
    return moved;
  }

  /** Whether a variable was filled in there: Docker then takes text for a number or a boolean. */
  isFilled(path: Path): boolean {
    return this.#filled.has(keyOf(path));
  }

  spelling(path: Path): string | undefined {
    return this.#spellings.get(keyOf(path));
  }

  /** These with those of a file that is laid over: its places win. Entries of joined lists are where their list is. */
  under(over: Positions): Positions {
    const merged = new Positions();
    const joined = [...this.#lists].filter((list) => over.#lists.has(list));
    const isEntry = (key: string, list: string) =>
      key.startsWith(list + SEPARATOR) && /^\d+(\0|$)/.test(key.slice(list.length + SEPARATOR.length));
    const isJoined = (key: string) => joined.some((list) => isEntry(key, list));
    for (const positions of [this, over]) {
      for (const [key, place] of positions.#places) if (!isJoined(key)) merged.#places.set(key, place);
      for (const [key, spelling] of positions.#spellings)
        if (!isJoined(key)) merged.#spellings.set(key, spelling);
      for (const list of positions.#lists) merged.#lists.add(list);
      for (const [key, names] of positions.#filled) if (!isJoined(key)) merged.#filled.set(key, names);
    }
    return merged;
  }
}

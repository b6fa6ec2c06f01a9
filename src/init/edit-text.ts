interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Changes of a text by its positions: every other byte stays. */
export class TextEdits {
  readonly #text: string;
  readonly #edits: Edit[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  replace(start: number, end: number, text: string): void {
    this.#edits.push({ start, end, text });
  }

  insert(at: number, text: string): void {
    this.replace(at, at, text);
  }

  append(text: string): void {
    const end = this.#text.length;
    this.insert(end, this.#text.endsWith('\n') || this.#text === '' ? text : `\n${text}`);
  }

  /** Where the line of a position begins. */
  lineStart(at: number): number {
    return this.#text.lastIndexOf('\n', at - 1) + 1;
  }

  /** Where the line after a position begins; the end of the text, if there is none. */
  nextLine(at: number): number {
    // What ends a line belongs to it.
    if (at > 0 && this.#text[at - 1] === '\n') return at;
    const end = this.#text.indexOf('\n', at);
    return end < 0 ? this.#text.length : end + 1;
  }

  slice(start: number, end: number): string {
    return this.#text.slice(start, end);
  }

  /** Inserted lines end as those of the text do. */
  apply(): string {
    const eol = this.#text.includes('\r\n') ? '\r\n' : '\n';
    let done = '';
    let at = 0;
    for (const { start, end, text } of this.#edits.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
      done += this.#text.slice(at, start) + text.replaceAll('\n', eol);
      at = Math.max(at, end);
    }
    return done + this.#text.slice(at);
  }
}

import { inspect } from 'node:util';

const SHOWN = '[secret]';

/** A value that cannot be printed by accident. Reveal it only in the call that sends it. */
export class Secret {
  readonly #value: Buffer;

  constructor(value: string | Buffer) {
    this.#value = Buffer.from(value as string);
  }

  get bytes(): number {
    return this.#value.length;
  }

  reveal(): Buffer {
    return this.#value;
  }

  revealText(): string {
    return this.#value.toString('utf8');
  }

  toString(): string {
    return SHOWN;
  }

  toJSON(): string {
    return SHOWN;
  }

  [inspect.custom](): string {
    return SHOWN;
  }
}

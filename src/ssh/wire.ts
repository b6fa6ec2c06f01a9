/** Reads SSH's data types (RFC 4251 §5). Throws a RangeError where the data is cut short. */
export class WireReader {
  readonly #data: Buffer;
  offset = 0;

  constructor(data: Buffer) {
    this.#data = data;
  }

  get isAtEnd(): boolean {
    return this.offset >= this.#data.length;
  }

  uint32(): number {
    this.offset += 4;
    return this.#data.readUInt32BE(this.offset - 4);
  }

  uint64(): bigint {
    this.offset += 8;
    return this.#data.readBigUInt64BE(this.offset - 8);
  }

  string(): Buffer {
    const length = this.uint32();
    if (this.offset + length > this.#data.length) throw new RangeError('cut short');
    this.offset += length;
    return this.#data.subarray(this.offset - length, this.offset);
  }

  text(): string {
    return this.string().toString('latin1');
  }
}

/** A string of RFC 4251: its length, then its bytes. */
export function withLength(part: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(part.length);
  return Buffer.concat([length, part]);
}

import type { Duplex } from 'node:stream';

const PIECE = 16 * 1024;
const FIRST_WINDOW = 2 * PIECE;
const MOST_WINDOW = 64 * PIECE;
/** Queueing delays, in milliseconds: below the first the window grows, above the second it shrinks. */
const QUICK_MS = 500;
const SLOW_MS = 1_000;

/** Fulfilled when everything that was sent before has arrived at the other end. */
export type Ping = () => Promise<unknown>;

/**
 * Sends what is written in pieces, and no more at once than the line carries in about a second. Keepalives and the
 * lock's renewals would otherwise wait behind a whole upload, or behind hundreds of small requests.
 */
export class Pacer {
  readonly #ping: Ping;
  readonly #waiting: (() => void)[] = [];
  #window = FIRST_WINDOW;
  #underWay = 0;
  /** The shortest time that an answer has taken: what is above it is queueing. */
  #leastMs = Number.POSITIVE_INFINITY;

  constructor(ping: Ping) {
    this.#ping = ping;
  }

  /** Makes what is written to this stream wait for its turn. */
  pace<Stream extends Duplex>(stream: Stream): Stream {
    const write = stream._write.bind(stream);
    const send = async (data: Buffer, encoding: BufferEncoding) => {
      for (let at = 0; at < data.length; at += PIECE) {
        const piece = data.subarray(at, at + PIECE);
        await this.#turn(piece.length);
        const written = new Promise<void>((resolve, reject) =>
          write(piece, encoding, (error) => (error ? reject(error) : resolve())),
        );
        // A closed channel never says that it has written, and must not hold back the others.
        void this.#settle(piece.length);
        await written;
      }
    };
    stream._write = (data: Buffer, encoding, done) => {
      send(data, encoding).then(() => done(), done);
    };
    return stream;
  }

  async #turn(length: number): Promise<void> {
    while (this.#underWay > 0 && this.#underWay + length > this.#window)
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#underWay += length;
  }

  async #settle(length: number): Promise<void> {
    const start = performance.now();
    await this.#ping().catch(() => {});
    const tookMs = performance.now() - start;
    this.#leastMs = Math.min(this.#leastMs, tookMs);
    const queuedMs = tookMs - this.#leastMs;
    if (queuedMs < QUICK_MS) this.#window = Math.min(MOST_WINDOW, this.#window + length);
    if (queuedMs > SLOW_MS) this.#window = Math.max(PIECE, Math.floor(this.#window / 2));
    this.#underWay -= length;
    for (const go of this.#waiting.splice(0)) go();
  }
}

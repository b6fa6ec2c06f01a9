import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { encodeCommand, parseReply, type Reply, ReplyError } from './resp.ts';

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** One connection, one command at a time. */
export class Redis {
  readonly #socket: Socket;
  readonly #chunks: AsyncIterator<Buffer>;
  #received: Buffer = Buffer.alloc(0);

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#chunks = socket[Symbol.asyncIterator]();
  }

  /** An aborted signal closes the connection, also while an answer is waited for. */
  static async connect(address: Address, timeoutMs: number, signal?: AbortSignal): Promise<Redis> {
    const socket = connect({ ...address, ...(signal && { signal }) });
    socket.on('timeout', () => socket.destroy(new Error('redis gave no answer in time')));
    // Whoever asks next is told; without a listener, an error between two commands would end the process.
    socket.on('error', () => {});
    socket.setTimeout(timeoutMs);
    await once(socket, 'connect');
    return new Redis(socket);
  }

  async ask(words: readonly string[], timeoutMs: number): Promise<Reply> {
    this.#socket.setTimeout(timeoutMs);
    this.#socket.write(encodeCommand(words));
    const reply = await this.#nextReply();
    if (reply instanceof ReplyError) throw reply;
    return reply;
  }

  close(): void {
    this.#socket.destroy();
  }

  async #nextReply(): Promise<Reply> {
    for (;;) {
      const parsed = parseReply(this.#received);
      if (parsed) {
        this.#received = this.#received.subarray(parsed.end);
        return parsed.reply;
      }
      const { value, done } = await this.#chunks.next();
      if (done) throw new Error('redis closed the connection');
      this.#received = Buffer.concat([this.#received, value]);
    }
  }
}

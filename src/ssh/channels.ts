/** With the two that are kept ready, eight: sshd's MaxSessions is 10 unless it was set. Forwarded ones do not count. */
const MAX_CHANNELS = 6;

/** Lets at most six sessions be open on a connection, or as many as the server's own MaxSessions turns out to be. */
export class Channels {
  #open = 0;
  readonly #waiting: (() => void)[] = [];

  async use<Channel, Result>(
    open: () => Promise<Channel>,
    work: (channel: Channel) => Promise<Result>,
  ): Promise<Result> {
    const channel = await this.#take(open);
    try {
      return await work(channel);
    } finally {
      this.#release();
    }
  }

  async #take<Channel>(open: () => Promise<Channel>): Promise<Channel> {
    for (;;) {
      if (this.#open < MAX_CHANNELS) {
        this.#open++;
        try {
          return await open();
        } catch (error) {
          const isLast = this.#open === 1;
          if (!isRefusal(error) || isLast) {
            this.#release();
            throw error;
          }
          this.#open--;
        }
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  #release(): void {
    this.#open--;
    this.#waiting.shift()?.();
  }
}

/** SSH_MSG_CHANNEL_OPEN_FAILURE, to which ssh2 gives the server's reason: a number. Of a lost connection it is ''. */
export function isRefusal(error: unknown): boolean {
  return typeof (error as { reason?: unknown }).reason === 'number';
}

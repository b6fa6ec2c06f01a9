import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { TimeLimit } from '../shared/time-limit.ts';
import type { Ask } from '../shared/tools.ts';

export interface Terminal {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
}

/** Asks on a terminal, until the run is to stop; what is hidden is not seen while it is typed. */
export const askOn =
  ({ input, output }: Terminal, stop: AbortSignal): Ask =>
  async (question, { isHidden = false } = {}) => {
    if (!input.isTTY || !output.isTTY) return undefined;
    const silence = new Writable({ write: (_chunk, _encoding, done) => done() });
    toleratingItsEnd(input);
    const terminal = createInterface({ input, output: isHidden ? silence : output, terminal: true });
    const controller = new AbortController();
    // Ctrl-C is an answer, too: none; and so is a terminal that is closed.
    for (const event of ['SIGINT', 'close']) terminal.once(event, () => controller.abort());
    using limit = new TimeLimit(Number.POSITIVE_INFINITY, controller.signal, stop);
    if (isHidden) output.write(question);
    try {
      const shown = isHidden ? '' : question;
      return await terminal.question(shown, { signal: limit.signal }).catch(() => '');
    } finally {
      terminal.close();
      output.write('\n');
    }
  };

/** Readline resets the terminal when it ends, which throws where it was closed: the run would end there, with its lock. */
function toleratingItsEnd(input: Terminal['input']): void {
  const { setRawMode } = input;
  input.setRawMode = (mode) => {
    try {
      return setRawMode.call(input, mode);
    } catch {
      return input;
    }
  };
}

import { randomUUID } from 'node:crypto';
import type { RemoteOutput } from '../shared/tools.ts';

export interface MarkedScript {
  /** What the shell reads from its standard input. */
  readonly text: string;
  /** Whether the script has begun, from what was printed to standard output so far. */
  hasBegun(stdout: string): boolean;
  /** Separates the output of the script from the greeting of the login shell. */
  separate(output: Omit<RemoteOutput, 'greeting'>): RemoteOutput;
}

/**
 * A login shell may print a greeting, and set variables, before it runs a command: the script marks where its own
 * output begins. A shell that echoes its input prints no mark, because the script holds the mark in two halves. An empty
 * line comes first, for a login shell that waits for one.
 */
export function markScript(script: string): MarkedScript {
  const [half, mark] = [randomUUID(), randomUUID()];
  const print = `printf %s%s ${half} ${mark}`;
  const whole = half + mark;
  const cut = (text: string) => {
    const at = text.indexOf(whole);
    return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + whole.length)];
  };
  return {
    // Before the script has arrived: on a slow connection that takes its time.
    text: `\n${print}\n${print} >&2\n${wholeOrNothing(`${FORGET_DOCKER}\n${script}`)}`,
    hasBegun: (stdout) => stdout.includes(whole),
    separate(output) {
      const [before = '', stdout = ''] = cut(output.stdout);
      const [complaint = '', stderr = ''] = cut(output.stderr);
      return { ...output, stdout, stderr, greeting: before + complaint };
    },
  };
}

/** They would send Docker's client to another cluster, or let it speak to this one in another way. */
const FORGET_DOCKER = `for name in $(env | sed -n 's/^\\(DOCKER_[A-Za-z0-9_]*\\)=.*/\\1/p'); do unset "$name"; done`;

/**
 * A shell runs a group of commands only once it has read it to its end: a connection that drops leaves no half.
 * Its input is not ended, as ssh2 signals only a channel that can still be written to.
 */
const wholeOrNothing = (script: string) => `{\n${script}\n} </dev/null\nexit\n`;

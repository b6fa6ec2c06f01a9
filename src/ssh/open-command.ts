import { type ChildProcess, spawn } from 'node:child_process';
import { Duplex } from 'node:stream';

/** Of what the command said last, in an error. */
const MOST_CHARACTERS = 500;

/**
 * The input and output of a command, run as ssh runs a ProxyCommand. It is in a session of its own: Ctrl-C is for
 * Waggle, which goes on to need the connection. It is ended with the stream.
 */
export async function openCommand(command: string): Promise<Duplex> {
  const shell = process.env.SHELL || '/bin/sh';
  const child = spawn(shell, ['-c', `exec ${command}`], { stdio: 'pipe', detached: true });
  const { stdin, stdout, stderr } = child;
  const stream = new Duplex({
    read: () => void stdout.resume(),
    // `close` reports the end, with its reason.
    write: (chunk, _encoding, done) => void stdin.write(chunk, () => done()),
    final: (done) => void stdin.end(done),
    destroy(error, done) {
      endAll(child);
      done(error);
    },
  });
  let hasSpoken = false;
  let complaint = '';
  stdout.on('data', (chunk) => {
    hasSpoken = true;
    if (!stream.push(chunk)) stdout.pause();
  });
  stderr.setEncoding('utf8').on('data', (text) => {
    complaint = `${complaint}${text}`.slice(-MOST_CHARACTERS);
  });
  stdin.on('error', () => {});
  child.once('error', (error) => stream.destroy(error));
  child.once('close', (status, signal) => {
    const reason = `its ProxyCommand ended (${signal ?? `exit ${status}`}): ${complaint.trim()}`;
    // What was a connection ends as a connection does.
    if (hasSpoken) stream.push(null);
    else stream.destroy(new Error(reason));
  });
  return stream;
}

/** Also what it runs itself. */
function endAll({ pid, exitCode, signalCode }: ChildProcess): void {
  if (pid === undefined || exitCode !== null || signalCode !== null) return;
  try {
    process.kill(-pid);
  } catch {
    // It ended just then.
  }
}

import type { Duplex } from 'node:stream';
import type { Client, ClientChannel } from 'ssh2';
import type { Destination } from '../shared/destination.ts';
import { ConnectionLost, DeployError } from '../shared/errors.ts';
import type { RemoteOptions, RemoteOutput } from '../shared/tools.ts';
import { Channels, isRefusal } from './channels.ts';
import { markScript } from './marked-script.ts';
import { Pacer } from './pacer.ts';

/** Two scripts may follow each other at once. */
const SPARE_SHELLS = 2;
/** A login shell that reads its input itself, or waits for something, never runs a script. */
const BEGIN_MS = 60_000;
/** Of what such a shell printed last, in the error. */
const MOST_LINES = 5;

export interface Connection {
  readonly manager: Destination;
  readonly client: Client;
  readonly channels: Channels;
  readonly pacer: Pacer;
  /** For the next scripts, because opening one costs two round trips; undefined where the server allows no more. */
  readonly spares: Promise<ClientChannel | undefined>[];
  /** Why Waggle ended it; what is open on it fails for that. */
  failure?: DeployError;
}

/** Opens the shells of the first scripts. */
export function openConnection(manager: Destination, client: Client): Connection {
  const pacer = new Pacer(() => ping(client));
  const connection = { manager, client, channels: new Channels(), pacer, spares: [] };
  prepareShells(connection);
  return connection;
}

/** A request that changes nothing and that every server answers, in its turn: with no. */
function ping(client: Client): Promise<void> {
  return new Promise((resolve) => client.unforwardIn('', 0, () => resolve()));
}

/** The script is sent by stdin: neither it nor anything in it appears in a process list. */
export async function runOn(
  connection: Connection,
  script: string,
  { signal }: RemoteOptions = {},
): Promise<RemoteOutput> {
  signal?.throwIfAborted();
  const conversing = connection.channels.use(
    () => takeShell(connection),
    (channel) => converse(connection, channel, script, signal),
  );
  return conversing.catch((error: Error) => {
    if (error instanceof DeployError) throw error;
    throw isRefusal(error) ? noSession(connection, error) : connectionLost(connection, error);
  });
}

async function takeShell(connection: Connection): Promise<ClientChannel> {
  const ready = await connection.spares.shift();
  const shell = ready?.writable ? ready : await openShell(connection);
  prepareShells(connection);
  return shell;
}

function prepareShells(connection: Connection): void {
  while (connection.spares.length < SPARE_SHELLS)
    connection.spares.push(openShell(connection).catch(() => undefined));
}

function openShell({ client, pacer }: Connection): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    client.exec('sh -s', (error, channel) => {
      if (error) return reject(error);
      channel.on('error', () => {}); // of a spare one nobody else hears
      resolve(pacer.pace(channel));
    });
  });
}

/** Sends the script and gathers what it says. A cancelled one is ended there, too: closing its channel would not. */
function converse(
  connection: Connection,
  channel: ClientChannel,
  script: string,
  signal: AbortSignal | undefined,
): Promise<RemoteOutput> {
  return new Promise((resolve, reject) => {
    failWithConnection(connection, channel);
    const marked = markScript(script);
    const cancel = () => channel.signal('TERM');
    signal?.addEventListener('abort', cancel);
    channel.on('error', reject);
    const output = { stdout: '', stderr: '' };
    const noBeginning = () => {
      if (marked.hasBegun(output.stdout)) return;
      reject(noScript(connection, `runs no script within ${BEGIN_MS / 1000} s`, output));
      channel.close();
    };
    const timer = setTimeout(noBeginning, BEGIN_MS);
    // Decoded as a stream: a character may come in two pieces.
    channel.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
    channel.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
    let exitCode: number | undefined;
    channel.on('exit', (code: number | null) => (exitCode = code ?? undefined));
    channel.on('close', () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', cancel);
      if (signal?.aborted) return reject(signal.reason);
      if (exitCode === undefined) return reject(connectionLost(connection));
      if (!marked.hasBegun(output.stdout))
        return reject(noScript(connection, `ends (exit ${exitCode}) before it runs a script`, output));
      resolve(marked.separate({ ...output, exitCode }));
    });
    channel.write(marked.text);
  });
}

/** Rejects with ssh2's own error where the server refuses, see `isRefusal`. */
export function openSocketOn(connection: Connection, path: string, isUrgent = false): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    connection.client.openssh_forwardOutStreamLocal(path, (error, stream) => {
      if (error) return reject(isRefusal(error) ? error : connectionLost(connection, error));
      failWithConnection(connection, stream);
      resolve(isUrgent ? stream : connection.pacer.pace(stream));
    });
  });
}

/** A channel without a reader does not notice a lost connection, and would accept data without end. */
export function failWithConnection(connection: Connection, stream: Duplex): void {
  const fail = () => {
    stream.emit('error', connectionLost(connection));
    // One that was kept ready would still count as writable.
    stream.destroy();
  };
  stream.on('error', () => {});
  connection.client.once('close', fail);
  stream.once('close', () => connection.client.off('close', fail));
}

export function connectionLost({ manager, failure }: Connection, cause?: Error): DeployError {
  if (failure) return failure;
  const why = cause ? `: ${cause.message}` : '';
  return new ConnectionLost(`the connection to ${manager.name} was lost${why}`, { cause });
}

/** Nothing was begun; and a server that counts one that has just ended takes the next in a moment. */
function noSession({ manager }: Connection, cause: Error): ConnectionLost {
  return new ConnectionLost(`${manager.name} opens no session for a script: ${cause.message}`, {
    hint: 'allow at least 1 session, or the default of 10: MaxSessions in /etc/ssh/sshd_config there',
    cause,
  });
}

/** A server that takes the login and whose shell runs something else: its user's settings, or a forced command. */
function noScript(
  { manager: { name, user } }: Connection,
  what: string,
  { stdout, stderr }: { readonly stdout: string; readonly stderr: string },
): DeployError {
  return new DeployError('UNREACHABLE', `the login shell of ${user ? `${user}@` : ''}${name} ${what}`, {
    details: `${stdout}\n${stderr}`
      .split('\n')
      .filter((line) => line.trim() !== '')
      .slice(-MOST_LINES),
    hint: `run \`ssh ${user ? `${user}@` : ''}${name} true\`, and correct ~/.bashrc there, or the command= of the key in ~/.ssh/authorized_keys`,
  });
}

import type { Duplex } from 'node:stream';
import type { Client, ClientChannel } from 'ssh2';
import { again } from '../shared/again.ts';
import type { Destination } from '../shared/destination.ts';
import { ConnectionLost, DeployError } from '../shared/errors.ts';
import type { Shell } from '../shared/shell.ts';
import type { Remote, RemoteOptions, RemoteOutput } from '../shared/tools.ts';
import { Channels, isRefusal } from './channels.ts';
import { type Credentials, connect } from './connect.ts';
import { explainSocket } from './explain-socket.ts';
import { readRoute } from './read-route.ts';

export interface SshTarget extends Credentials {
  /** Any one will do; they are tried in this order. */
  readonly managers: readonly Destination[];
}

/**
 * The one SSH connection of a run. It carries scripts and, forwarded, the Docker API. When it drops, the next call
 * opens it again, to the next manager when the one before does not answer.
 */
export class SshSession implements Remote, AsyncDisposable {
  readonly #target: SshTarget;
  readonly #shell: Shell;
  #connection: Promise<Connection> | undefined;
  #isOver = false;

  constructor(target: SshTarget, shell: Shell) {
    this.#target = target;
    this.#shell = shell;
  }

  /** Connects now, to learn early that it is possible; gives the manager's name. */
  async open(): Promise<string> {
    return (await this.#connected()).name;
  }

  /** The script is sent by stdin: neither it nor anything in it appears in a process list. */
  run(script: string, options?: RemoteOptions): Promise<RemoteOutput> {
    return again(() => this.#runOnce(script, options));
  }

  async #runOnce(script: string, { signal }: RemoteOptions = {}): Promise<RemoteOutput> {
    const connection = await this.#connected();
    signal?.throwIfAborted();
    const conversing = connection.channels.use(
      () => takeShell(connection),
      (channel) => converse(connection, channel, wholeOrNothing(script), signal),
    );
    return conversing.catch((error: Error) => {
      throw error instanceof DeployError ? error : lost(connection, error);
    });
  }

  /** A stream to a Unix socket on the manager. Forwarded channels do not count against sshd's MaxSessions. */
  async openSocket(path: string): Promise<Duplex> {
    const connection = await this.#connected();
    return new Promise((resolve, reject) => {
      connection.client.openssh_forwardOutStreamLocal(path, (error, stream) => {
        if (error && !isRefusal(error)) return reject(lost(connection, error));
        if (error) return void explainSocket(this, connection.name, path, error).then(reject, reject);
        failWithConnection(connection, stream);
        resolve(stream);
      });
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    const connection = await this.#connection?.catch(() => undefined);
    connection?.client.end();
  }

  async #connected(): Promise<Connection> {
    // A question that nobody waits for any more must not open another one.
    if (this.#isOver) throw new DeployError('UNREACHABLE', 'the connection was closed');
    this.#connection ??= this.#connectToAny().then((connection) => {
      connection.client.setMaxListeners(0); // one for each open channel
      connection.client.once('close', () => (this.#connection = undefined));
      return connection;
    });
    this.#connection.catch(() => (this.#connection = undefined));
    return this.#connection;
  }

  async #connectToAny(): Promise<Connection> {
    const { managers } = this.#target;
    const failures: DeployError[] = [];
    for (const destination of managers) {
      try {
        const route = await readRoute(destination, this.#shell);
        const client = await connect(route, this.#target);
        const channels = new Channels();
        const connection: Connection = { name: destination.name, client, channels, spares: [] };
        prepareShells(connection);
        return connection;
      } catch (error) {
        if (!(error instanceof DeployError) || error.code !== 'UNREACHABLE') throw error;
        failures.push(error);
      }
    }
    const [only, ...others] = failures;
    if (only && others.length === 0) throw only;
    throw new DeployError('UNREACHABLE', `none of the ${managers.length} managers can be reached`, {
      details: failures.flatMap(({ message, details }) => [message, ...details.map((line) => `  ${line}`)]),
      hint: failures[0]?.hint ?? 'check DEPLOY_MANAGER_HOST',
    });
  }
}

/** Two scripts may follow each other at once. */
const SPARE_SHELLS = 2;

interface Connection {
  readonly name: string;
  readonly client: Client;
  readonly channels: Channels;
  /** For the next scripts, because opening one costs two round trips; undefined where the server allows no more. */
  readonly spares: Promise<ClientChannel | undefined>[];
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

function openShell({ client }: Connection): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    client.exec('sh -s', (error, channel) => {
      if (error) return reject(error);
      channel.on('error', () => {}); // of a spare one nobody else hears
      resolve(channel);
    });
  });
}

/**
 * A shell runs a group of commands only once it has read it to its end: a connection that drops leaves no half.
 * Its input is not ended, as ssh2 signals only a channel that can still be written to.
 */
const wholeOrNothing = (script: string) => `{\n${script}\n} </dev/null\nexit\n`;

/** Sends the script and gathers what it says. A cancelled one is ended there, too: closing its channel would not. */
function converse(
  connection: Connection,
  channel: ClientChannel,
  script: string,
  signal: AbortSignal | undefined,
): Promise<RemoteOutput> {
  return new Promise((resolve, reject) => {
    failWithConnection(connection, channel);
    const cancel = () => channel.signal('TERM');
    signal?.addEventListener('abort', cancel);
    channel.on('error', reject);
    const output = { stdout: '', stderr: '' };
    // Decoded as a stream: a character may come in two pieces.
    channel.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
    channel.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
    let exitCode: number | undefined;
    channel.on('exit', (code: number | null) => (exitCode = code ?? undefined));
    channel.on('close', () => {
      signal?.removeEventListener('abort', cancel);
      if (signal?.aborted) return reject(signal.reason);
      if (exitCode === undefined) return reject(lost(connection));
      resolve({ ...output, exitCode });
    });
    channel.write(script);
  });
}

/** A channel that nobody reads does not notice that its connection is gone, and would be written to for ever. */
function failWithConnection(connection: Connection, stream: Duplex): void {
  const fail = () => stream.emit('error', lost(connection));
  stream.on('error', () => {});
  connection.client.once('close', fail);
  stream.once('close', () => connection.client.off('close', fail));
}

function lost({ name }: Connection, cause?: Error): ConnectionLost {
  const why = cause ? `: ${cause.message}` : '';
  return new ConnectionLost(`the connection to ${name} was lost${why}`, { cause });
}

import type { Duplex } from 'node:stream';
import type { Client } from 'ssh2';
import { DeployError } from '../shared/errors.ts';
import type { Remote, RemoteOutput } from '../shared/tools.ts';
import { connect, type SshTarget } from './connect.ts';

/**
 * The one SSH connection of a run. It carries scripts and, forwarded, the Docker API. When it drops, what was
 * under way fails; the next call, such as putting the stack back, opens it again.
 */
export class SshSession implements Remote, AsyncDisposable {
  readonly #target: SshTarget;
  #connection: Promise<Client> | undefined;

  constructor(target: SshTarget) {
    this.#target = target;
  }

  /** Connects now, to learn early that it is possible. */
  async open(): Promise<void> {
    await this.#connected();
  }

  /** The script is sent by stdin: neither it nor anything in it appears in a process list. */
  async run(script: string): Promise<RemoteOutput> {
    const client = await this.#connected();
    return new Promise((resolve, reject) => {
      client.exec('sh -s', (error, channel) => {
        if (error) return reject(lost(this.#target, error));
        failWithConnection(client, channel, () => lost(this.#target));
        channel.on('error', reject);
        const output = { stdout: '', stderr: '' };
        channel.on('data', (chunk: Buffer) => (output.stdout += chunk));
        channel.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk));
        let exitCode: number | undefined;
        channel.on('exit', (code: number | null) => (exitCode = code ?? undefined));
        channel.on('close', () =>
          exitCode === undefined ? reject(lost(this.#target)) : resolve({ ...output, exitCode }),
        );
        channel.end(script);
      });
    });
  }

  /** A stream to a Unix socket on the manager. Forwarded channels do not count against sshd's MaxSessions. */
  async openSocket(path: string): Promise<Duplex> {
    const client = await this.#connected();
    return new Promise((resolve, reject) => {
      client.openssh_forwardOutStreamLocal(path, (error, stream) => {
        if (error) return reject(noSocket(path, error));
        failWithConnection(client, stream, () => lost(this.#target));
        resolve(stream);
      });
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const client = await this.#connection?.catch(() => undefined);
    client?.end();
  }

  #connected(): Promise<Client> {
    this.#connection ??= connect(this.#target).then((client) => {
      // Every call under way notices the end by itself; an unheard 'error' would end the process.
      client.on('error', () => {});
      client.setMaxListeners(0); // one for each open channel
      client.once('close', () => (this.#connection = undefined));
      return client;
    });
    this.#connection.catch(() => (this.#connection = undefined));
    return this.#connection;
  }
}

/** A channel that nobody reads does not notice that its connection is gone, and would be written to for ever. */
function failWithConnection(client: Client, stream: Duplex, error: () => Error): void {
  const fail = () => stream.emit('error', error());
  stream.on('error', () => {});
  client.once('close', fail);
  stream.once('close', () => client.off('close', fail));
}

function lost({ host }: SshTarget, cause?: Error): DeployError {
  const why = cause ? `: ${cause.message}` : '';
  return new DeployError('UNREACHABLE', `the connection to ${host.name} was lost${why}`, { cause });
}

function noSocket(path: string, cause: Error): DeployError {
  return new DeployError('UNREACHABLE', `the manager's ${path} cannot be opened: ${cause.message}`, {
    hint: 'check that Docker runs there, that the user is in the docker group, and that sshd has AllowStreamLocalForwarding yes',
    cause,
  });
}

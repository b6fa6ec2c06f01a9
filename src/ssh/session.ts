import type { Duplex } from 'node:stream';
import { addressOf } from '../shared/destination.ts';
import { ConnectionLost, DeployError } from '../shared/errors.ts';
import { retryOnDisconnect } from '../shared/retry-on-disconnect.ts';
import type { Shell } from '../shared/shell.ts';
import type { Remote, RemoteOptions, RemoteOutput } from '../shared/tools.ts';
import { isRefusal } from './channels.ts';
import { connectToAny, type SshTarget } from './connect-to-any.ts';
import { type Connection, connectionLost, openSocketOn, runOn } from './connection.ts';
import { explainSocket } from './explain-socket.ts';

const HOW_TO_LOOK = 'look at Docker there: sudo systemctl status docker; restart it if it hangs';

/**
 * The one SSH connection of a run. It carries scripts and, forwarded, the Docker API. When it drops, the next call
 * opens it again, to the next manager when the one before does not answer, or when its Docker does not.
 */
export class SshSession implements Remote, AsyncDisposable {
  #target: SshTarget;
  readonly #shell: Shell;
  #connecting: Promise<Connection> | undefined;
  #current: Connection | undefined;
  #isOver = false;
  readonly #streams = new WeakMap<Duplex, Connection>();

  constructor(target: SshTarget, shell: Shell) {
    this.#target = target;
    this.#shell = shell;
  }

  /** Connects now, to learn early that it is possible; gives the manager's name. */
  async open(): Promise<string> {
    return retryOnDisconnect(async () => (await this.#connected()).manager.name);
  }

  get address(): string | undefined {
    return this.#current && addressOf(this.#current.manager);
  }

  run(script: string, options: RemoteOptions = {}): Promise<RemoteOutput> {
    return retryOnDisconnect(async () => {
      const connection = await this.#connected();
      await options.onAttempt?.(addressOf(connection.manager));
      return runOn(connection, script, options);
    });
  }

  /** A stream to a Unix socket on the manager. Forwarded channels do not count against sshd's MaxSessions. */
  async openSocket(path: string, { isUrgent = false } = {}): Promise<Duplex> {
    const connection = await this.#connected();
    try {
      const stream = await openSocketOn(connection, path, isUrgent);
      this.#streams.set(stream, connection);
      return stream;
    } catch (error) {
      throw isRefusal(error) ? await this.#explain(connection, path, error as Error) : error;
    }
  }

  /** Ends the connection that a stream belongs to, as Docker does not answer there; another manager serves, if there is one. */
  leave(stream: Duplex): void {
    const connection = this.#streams.get(stream);
    if (!connection || this.#current !== connection) return;
    const message = `${connection.manager.name}: Docker has stopped answering`;
    this.#passOn(connection, new DeployError('UNREACHABLE', message, { hint: HOW_TO_LOOK }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    const ending = this.#connecting?.then(
      ({ client }) => client.end(),
      () => {},
    );
    // One that is still being made may take its time: nobody needs it any more.
    if (this.#current) await ending;
  }

  async #connected(): Promise<Connection> {
    // A question that nobody waits for any more must not open another one.
    if (this.#isOver) throw new DeployError('UNREACHABLE', 'the connection was closed');
    this.#connecting ??= connectToAny(this.#target, this.#shell).then((connection) => {
      this.#current = connection;
      connection.client.setMaxListeners(0); // one for each open channel
      connection.client.once('close', () => this.#forget(connection));
      return connection;
    });
    this.#connecting.catch(() => (this.#connecting = undefined));
    return this.#connecting;
  }

  /** Why a socket is refused. Where Docker does not run another manager serves from now on, if there is one. */
  async #explain(connection: Connection, path: string, cause: Error): Promise<DeployError> {
    const here: Remote = { run: (script) => runOn(connection, script) };
    const { message, hint, isDown } = await explainSocket(here, connection.manager.name, path, cause);
    // Another question was refused at the same time, and has left it.
    if (this.#current !== connection) return connectionLost(connection, cause);
    const failure = new DeployError('UNREACHABLE', message, { hint, cause });
    return isDown && this.#target.managers.length > 1 ? this.#passOn(connection, failure) : failure;
  }

  /** What was asked on it is asked of the next manager; where there is no other, it has failed. */
  #passOn(connection: Connection, failure: DeployError): DeployError {
    const { managers, warn } = this.#target;
    const { message, hint = '', cause } = failure;
    const isOnly = managers.length === 1;
    connection.failure = isOnly ? failure : new ConnectionLost(message, { hint, cause });
    const next = managers.indexOf(connection.manager) + 1;
    this.#target = { ...this.#target, managers: [...managers.slice(next), ...managers.slice(0, next)] };
    this.#forget(connection);
    connection.client.destroy();
    if (!isOnly) warn(`${message}: the next manager takes over`);
    return connection.failure;
  }

  /** The next call opens another. */
  #forget(connection: Connection): void {
    if (this.#current !== connection) return;
    this.#current = undefined;
    this.#connecting = undefined;
  }
}

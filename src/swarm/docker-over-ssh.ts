import { Agent, type ClientRequest } from 'node:http';
import type { Duplex } from 'node:stream';
import { inspect } from 'node:util';
import Docker from 'dockerode';
import { DOCKER_SOCKET } from '../shared/docker-socket.ts';
import { keepBodiesOutOfUrls } from './request.ts';
import { SILENCE, type SilenceLimits, watchAnswer } from './watch-answer.ts';

/** What is asked at once first: all that a plan needs of the cluster, and of the registries. */
const READY_STREAMS = 12;

export interface SocketOptions {
  /** What is sent there waits for no upload. */
  readonly isUrgent?: boolean;
}

/** The way to Docker on the manager. */
export interface DockerRoute {
  /** Opens a stream to a Unix socket. */
  openSocket(path: string, options?: SocketOptions): Promise<Duplex>;
  /** Ends the connection that a stream belongs to, as Docker does not answer there. */
  leave(stream: Duplex): void;
}

export interface DockerConnection {
  readonly docker: Docker;
  /** The same, over a stream of its own that waits for no upload. */
  readonly urgent: Docker;
  close(): void;
}

export function dockerOver(way: DockerRoute, silence: SilenceLimits = SILENCE): DockerConnection {
  const urgent = new SocketAgent(way, silence, { isUrgent: true });
  const agent = new SocketAgent(way, silence, {}, () => {
    agent.prepare(READY_STREAMS);
    urgent.prepare(1);
  });
  const close = () => {
    agent.destroy();
    urgent.destroy();
  };
  return { docker: dockerThrough(agent), urgent: dockerThrough(urgent), close };
}

/**
 * dockerode over streams of our own. Host, port and protocol are all given, and the socket path is given as
 * none, because docker-modem would else let DOCKER_HOST of this machine decide which cluster we talk to.
 */
function dockerThrough(agent: Agent): Docker {
  const options = { protocol: 'http', host: 'manager', port: 80, socketPath: undefined, agent };
  const docker = new Docker(options as unknown as Docker.DockerOptions);
  keepBodiesOutOfUrls(docker);
  return docker;
}

/** Keeps streams for the next request: opening one costs a round trip. */
class SocketAgent extends Agent {
  readonly #way: DockerRoute;
  readonly #silence: SilenceLimits;
  readonly #ready: Promise<Duplex>[] = [];
  readonly #options: SocketOptions;
  #onFirst: (() => void) | undefined;
  /**
   * docker-modem describes each request, whether anybody debugs it or not, down to the last buffer of every stream
   * that the agent keeps: seconds of processor time for a deploy.
   */
  readonly [inspect.custom] = () => 'SocketAgent';

  /** `onFirst` is called when the first stream is open: after the first question come many at once. */
  constructor(way: DockerRoute, silence: SilenceLimits, options: SocketOptions, onFirst?: () => void) {
    super({ keepAlive: true, maxSockets: 16 });
    this.#way = way;
    this.#silence = silence;
    this.#options = options;
    this.#onFirst = onFirst;
  }

  /** Opens streams for the next questions. */
  prepare(count: number): void {
    for (let more = 0; more < count; more++) {
      const opening = this.#open();
      // The caller that takes it gets the reason.
      opening.catch(() => {});
      this.#ready.push(opening);
    }
  }

  /** Node calls it with each request; its types do not have it. */
  addRequest(request: ClientRequest, options: object): void {
    const { addRequest } = Agent.prototype as unknown as Pick<SocketAgent, 'addRequest'>;
    const probe = async () => (await this.#way.openSocket(DOCKER_SOCKET)).destroy();
    const leave = () => request.socket && this.#way.leave(request.socket);
    watchAnswer(request, this.#silence, probe, leave);
    addRequest.call(this, request, options);
  }

  override createConnection(_options: object, done?: (error: Error | null, stream: Duplex) => void): Duplex {
    this.#take().then(
      (stream) => done?.(null, asSocket(stream)),
      (error: Error) => done?.(error, undefined as unknown as Duplex),
    );
    // Node takes the stream from the callback when nothing is returned; its types do not say so.
    return undefined as unknown as Duplex;
  }

  async #take(): Promise<Duplex> {
    const ready = await this.#ready.shift();
    const stream = ready?.writable ? ready : await this.#open();
    this.#onFirst?.();
    this.#onFirst = undefined;
    return stream;
  }

  #open(): Promise<Duplex> {
    return this.#way.openSocket(DOCKER_SOCKET, this.#options);
  }
}

/** What http's agent asks of a socket beyond being a stream; none of it means anything for a channel. */
function asSocket(stream: Duplex): Duplex {
  const nothing = () => stream;
  return Object.assign(stream, {
    setKeepAlive: nothing,
    setNoDelay: nothing,
    setTimeout: nothing,
    ref: nothing,
    unref: nothing,
  });
}

import { Agent, type ClientRequest } from 'node:http';
import type { Duplex } from 'node:stream';
import { inspect } from 'node:util';
import Docker from 'dockerode';
import { keepBodiesOutOfUrls } from './request.ts';
import { SILENCE, type Silence, watchAnswer } from './watch-answer.ts';

const DOCKER_SOCKET = '/var/run/docker.sock';
/** What is asked at once first: all that a plan needs of the cluster, and of the registries. */
const READY_STREAMS = 12;

/** The way to Docker on the manager. */
export interface Way {
  /** Opens a stream to a Unix socket. */
  openSocket(path: string): Promise<Duplex>;
  /** Ends the connection that a stream belongs to, as Docker does not answer there. */
  leave(stream: Duplex): void;
}

/**
 * dockerode over streams of our own. Host, port and protocol are all given, and the socket path is given as
 * none, because docker-modem would else let DOCKER_HOST of this machine decide which cluster we talk to.
 */
export function dockerOver(way: Way, silence: Silence = SILENCE): { docker: Docker; close: () => void } {
  const agent = new SocketAgent(way, silence);
  const options = { protocol: 'http', host: 'manager', port: 80, socketPath: undefined, agent };
  const docker = new Docker(options as unknown as Docker.DockerOptions);
  keepBodiesOutOfUrls(docker);
  return { docker, close: () => agent.destroy() };
}

/** Keeps streams for the next request: opening one costs a round trip. */
class SocketAgent extends Agent {
  readonly #way: Way;
  readonly #silence: Silence;
  readonly #ready: Promise<Duplex>[] = [];
  #hasBegun = false;
  /**
   * docker-modem describes each request, whether anybody debugs it or not, down to the last buffer of every stream
   * that the agent keeps: seconds of processor time for a deploy.
   */
  readonly [inspect.custom] = () => 'SocketAgent';

  constructor(way: Way, silence: Silence) {
    super({ keepAlive: true, maxSockets: 16 });
    this.#way = way;
    this.#silence = silence;
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

  /** After the first question come many at once: their streams are opened while it is answered. */
  async #take(): Promise<Duplex> {
    const ready = await this.#ready.shift();
    const stream = ready?.writable ? ready : await this.#way.openSocket(DOCKER_SOCKET);
    if (!this.#hasBegun) for (let more = 0; more < READY_STREAMS; more++) this.#prepare();
    this.#hasBegun = true;
    return stream;
  }

  #prepare(): void {
    const opening = this.#way.openSocket(DOCKER_SOCKET);
    // Whoever takes it hears why it is not to be had.
    opening.catch(() => {});
    this.#ready.push(opening);
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

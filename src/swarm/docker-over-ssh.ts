import { Agent } from 'node:http';
import type { Duplex } from 'node:stream';
import { inspect } from 'node:util';
import Docker from 'dockerode';
import { keepBodiesOutOfUrls } from './request.ts';

const DOCKER_SOCKET = '/var/run/docker.sock';
/** What is asked at once first: all that a plan needs of the cluster, and of the registries. */
const READY_STREAMS = 12;

/** Opens a stream to a Unix socket of the manager. */
export type OpenSocket = (path: string) => Promise<Duplex>;

/**
 * dockerode over streams of our own. Host, port and protocol are all given, and the socket path is given as
 * none, because docker-modem would else let DOCKER_HOST of this machine decide which cluster we talk to.
 */
export function dockerOver(openSocket: OpenSocket): { docker: Docker; close: () => void } {
  const agent = new SocketAgent(openSocket);
  const options = { protocol: 'http', host: 'manager', port: 80, socketPath: undefined, agent };
  const docker = new Docker(options as unknown as Docker.DockerOptions);
  keepBodiesOutOfUrls(docker);
  return { docker, close: () => agent.destroy() };
}

/** Keeps streams for the next request: opening one costs a round trip. */
class SocketAgent extends Agent {
  readonly #openSocket: OpenSocket;
  readonly #ready: Promise<Duplex>[] = [];
  #hasBegun = false;
  /**
   * docker-modem describes each request, whether anybody debugs it or not, down to the last buffer of every stream
   * that the agent keeps: seconds of processor time for a deploy.
   */
  readonly [inspect.custom] = () => 'SocketAgent';

  constructor(openSocket: OpenSocket) {
    super({ keepAlive: true, maxSockets: 16 });
    this.#openSocket = openSocket;
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
    const stream = ready?.writable ? ready : await this.#openSocket(DOCKER_SOCKET);
    if (!this.#hasBegun) for (let more = 0; more < READY_STREAMS; more++) this.#prepare();
    this.#hasBegun = true;
    return stream;
  }

  #prepare(): void {
    const opening = this.#openSocket(DOCKER_SOCKET);
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

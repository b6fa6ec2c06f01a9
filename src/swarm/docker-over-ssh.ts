import { Agent } from 'node:http';
import type { Duplex } from 'node:stream';
import Docker from 'dockerode';

const DOCKER_SOCKET = '/var/run/docker.sock';

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
  return { docker, close: () => agent.destroy() };
}

/** Keeps streams for the next request: opening one costs a round trip. */
class SocketAgent extends Agent {
  readonly #openSocket: OpenSocket;

  constructor(openSocket: OpenSocket) {
    super({ keepAlive: true, maxSockets: 16 });
    this.#openSocket = openSocket;
  }

  override createConnection(_options: object, done?: (error: Error | null, stream: Duplex) => void): Duplex {
    this.#openSocket(DOCKER_SOCKET).then(
      (stream) => done?.(null, asSocket(stream)),
      (error: Error) => done?.(error, undefined as unknown as Duplex),
    );
    // Node takes the stream from the callback when nothing is returned; its types do not say so.
    return undefined as unknown as Duplex;
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

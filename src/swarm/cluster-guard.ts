import { get } from 'node:http';
import type { Duplex } from 'node:stream';
import { DOCKER_SOCKET } from '../shared/docker-socket.ts';
import { DeployError } from '../shared/errors.ts';
import type { DockerRoute } from './docker-over-ssh.ts';

/** A manager that a connection leads to, before anything else is asked of it. */
export interface Candidate extends Pick<DockerRoute, 'openSocket'> {
  readonly name: string;
}

/** An engine that hangs takes the connection, and answers nothing. */
const ANSWER_MS = 30_000;
const OK = 200;
const NOT_FOUND = 404;

/** Lets managers of one cluster serve a run, and no others. */
export class ClusterGuard {
  #id: string | undefined;
  #isServed = false;
  #lockId: string | undefined;

  /** `expected` undefined takes the cluster of the first manager. */
  constructor(expected: string | undefined) {
    this.#id = expected;
  }

  get id(): string | undefined {
    return this.#id;
  }

  holdLock(recordId: string): Disposable {
    this.#lockId = recordId;
    return {
      [Symbol.dispose]: () => {
        this.#lockId = undefined;
      },
    };
  }

  /** Throws WRONG_CLUSTER for a manager of another cluster, and LOCK_LOST for one that does not know this run's lock. */
  async admit({ name, openSocket }: Candidate): Promise<void> {
    const ask = async (path: string) => read(name, await openSocket(DOCKER_SOCKET), path);
    const found = clusterIn(await ask('/info'));
    // The first caller that needs a manager reports why none can serve.
    if (found === undefined && !this.#isServed) return;
    if (found === undefined)
      throw new DeployError('UNREACHABLE', `${name}: its engine does not say which cluster it manages`, {
        hint: 'look at it with `docker info` there: no manager, or too few managers are online',
      });
    this.#id ??= found;
    if (found !== this.#id) throw wrongCluster(name, found, this.#id);
    this.#isServed = true;
    if (this.#lockId === undefined) return;
    const { status } = await ask(`/configs/${this.#lockId}`);
    if (status === NOT_FOUND)
      throw new DeployError(
        'LOCK_LOST',
        `${name}: the cluster ${found} there does not have this run's lock`,
        {
          hint: 'somebody took the lock away, or the manager is of another copy of the cluster: `waggle doctor` tells',
        },
      );
  }
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** undefined: not a manager, or its managers do not agree. */
function clusterIn({ status, body }: Answer): string | undefined {
  if (status !== OK) return undefined;
  const { Swarm } = JSON.parse(body) as { Swarm?: { Cluster?: { ID?: string } } };
  return Swarm?.Cluster?.ID || undefined;
}

/** One request over one stream, which then ends. */
function read(name: string, stream: Duplex, path: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => {
      clearTimeout(timer);
      stream.destroy();
      const message = `${name}: its engine does not answer: ${error.message}`;
      reject(new DeployError('UNREACHABLE', message, { hint: 'look at Docker there', cause: error }));
    };
    const timer = setTimeout(() => fail(new Error(`no answer within ${ANSWER_MS / 1000} s`)), ANSWER_MS);
    const request = get({ host: 'manager', path, createConnection: () => stream as never }, (answer) => {
      let body = '';
      answer
        .setEncoding('utf8')
        .on('data', (text: string) => (body += text))
        .on('error', fail)
        .on('end', () => {
          clearTimeout(timer);
          resolve({ status: answer.statusCode ?? 0, body });
        });
    });
    request.on('error', fail);
  });
}

function wrongCluster(name: string, found: string, held: string): DeployError {
  return new DeployError('WRONG_CLUSTER', `${name} is a manager of the cluster ${found}, not of ${held}`, {
    hint: 'name managers of one cluster in DEPLOY_MANAGER_HOST; `waggle doctor` says which belongs to which',
  });
}

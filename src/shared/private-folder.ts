import { once } from 'node:events';
import { mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { createConnection, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeployError } from './errors.ts';

const PREFIX = 'waggle-run-';
/** Until its run listens in it. */
const UNFINISHED = 'waggle-new-';
/**
 * A socket that the run listens on. The kernel closes it with the process and lets nobody else answer on it, also for
 * containers that share the folder but no process ids.
 */
const SIGN = 'alive';
/** Of a socket's path: macOS takes the least, and Node cuts off what is longer. */
const LONGEST_PATH = 103;

/** A folder (0700) of this run alone, gone when it is disposed of; a run that is killed leaves it to the next. */
export class PrivateFolder implements AsyncDisposable {
  readonly path: string;
  readonly #sign: Server;

  private constructor(path: string, sign: Server) {
    this.path = path;
    this.#sign = sign;
  }

  static async make(): Promise<PrivateFolder> {
    await removeLeftOver();
    requireShort(join(tmpdir(), `${UNFINISHED}XXXXXX`, SIGN));
    const made = await mkdtemp(join(tmpdir(), UNFINISHED));
    const path = join(tmpdir(), PREFIX + made.slice(-6));
    const sign = createServer((caller) => caller.destroy()).unref();
    try {
      await once(sign.listen(join(made, SIGN)), 'listening');
      await rename(made, path);
    } catch (error) {
      sign.close();
      await rm(made, { recursive: true, force: true });
      throw error;
    }
    return new PrivateFolder(path, sign);
  }

  /** Links in it are removed, not followed. */
  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
    this.#sign.close();
  }
}

function requireShort(path: string): void {
  if (Buffer.byteLength(path) <= LONGEST_PATH) return;
  throw new DeployError(
    'PREFLIGHT_FAILED',
    `the path of the folder for temporary files is too long: ${tmpdir()}`,
    {
      hint: 'nothing was changed; set TMPDIR to a shorter path',
    },
  );
}

/** What runs left that have ended: a login to the registry may be in it. */
export async function removeLeftOver(): Promise<void> {
  const names = (await readdir(tmpdir()).catch(() => [])).filter((name) => name.startsWith(PREFIX));
  const removing = names.map(async (name) => {
    const folder = join(tmpdir(), name);
    // A folder of another user cannot be removed, and is not Waggle's.
    if (!(await isAlive(folder))) await rm(folder, { recursive: true }).catch(() => {});
  });
  await Promise.all(removing);
}

/** Only a socket that nobody listens on is a sign that its run has ended. */
async function isAlive(folder: string): Promise<boolean> {
  const calling = createConnection(join(folder, SIGN));
  try {
    await once(calling, 'connect');
    return true;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    return !['ECONNREFUSED', 'ENOENT'].includes(code);
  } finally {
    calling.destroy();
  }
}

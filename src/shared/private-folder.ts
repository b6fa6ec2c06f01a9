import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** `waggle-run-<process id>-<random>` */
const PREFIX = 'waggle-run-';

/** A folder (0700) of this run alone, gone when it is disposed of; a run that is killed leaves it to the next. */
export class PrivateFolder implements AsyncDisposable {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  static async make(): Promise<PrivateFolder> {
    await removeLeftOver();
    return new PrivateFolder(await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`)));
  }

  /** Links in it are removed, not followed. */
  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}

/** What runs left whose process is gone: a login to the registry may be in it. */
export async function removeLeftOver(): Promise<void> {
  const names = (await readdir(tmpdir()).catch(() => [])).filter((name) => name.startsWith(PREFIX));
  const dead = names.filter((name) => !isAlive(Number(name.slice(PREFIX.length).split('-')[0])));
  // Another user's cannot be removed, and is none of ours.
  await Promise.all(dead.map((name) => rm(join(tmpdir(), name), { recursive: true }).catch(() => {})));
}

function isAlive(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { ConnectOptions } from '../pipeline/run-context.ts';
import type { Release } from '../plan/release/release.ts';
import { DeployError } from '../shared/errors.ts';
import { runGit } from '../shared/git.ts';
import type { PinnedCluster } from '../shared/pinned-cluster.ts';
import type { Ask } from '../shared/tools.ts';
import type { ClusterGuard } from '../swarm/cluster-guard.ts';

/** The cluster of the last deploy from this checkout; kept in .git, so that no commit holds it. */
export interface ClusterMemory {
  read(): Promise<string | undefined>;
  write(id: string): Promise<void>;
}

/** Remembers nothing outside of a git checkout, or in one that cannot be written to. */
export function clusterMemory({
  stack,
  base,
  folder,
}: Pick<Release, 'stack' | 'base' | 'folder'>): ClusterMemory {
  const find = async () => {
    const { stdout } = await runGit(base, ['rev-parse', '--git-common-dir']);
    if (stdout === undefined) return undefined;
    return join(resolve(base, stdout.trim()), 'waggle', encodeURIComponent(`${folder} ${stack}`));
  };
  return {
    async read() {
      const file = await find();
      const text = file && (await readFile(file, 'utf8').catch(() => undefined));
      return text?.trim() || undefined;
    },
    async write(id) {
      const file = await find();
      if (!file) return;
      const written = mkdir(dirname(file), { recursive: true }).then(() => writeFile(file, `${id}\n`));
      await written.catch(() => {});
    },
  };
}

export function pinCluster(
  guard: ClusterGuard,
  memory: ClusterMemory,
  { mayBeNew = false }: ConnectOptions,
  ask: Ask,
): PinnedCluster {
  return {
    get id() {
      return guard.id;
    },
    holdLock: (recordId) => guard.holdLock(recordId),
    async accept(other, whose) {
      const { id } = guard;
      if (mayBeNew || id === undefined || id === other) return;
      const said = `the managers are of the cluster ${id}, but ${whose} is of ${other}`;
      if (/^y/i.test((await ask(`${said}\ncontinue in ${id}? [y/N] `)) ?? '')) return;
      throw new DeployError('WRONG_CLUSTER', said, {
        hint: 'nothing was changed; correct DEPLOY_MANAGER_HOST, or use it with --allow-new-cluster',
      });
    },
    async remember() {
      if (guard.id !== undefined) await memory.write(guard.id);
    },
  };
}

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readText } from '../shared/read-file.ts';
import { loadRelease } from './load-release.ts';
import type { RunContext } from './run-context.ts';

/** Reads the names that a command line may complete. A project that cannot be read has none. */
export function projectNames({ root, git, environment }: Pick<RunContext, 'root' | 'git' | 'environment'>) {
  const isEnvironment = async (name: string) => {
    const files = ['cluster.env', 'cluster.env.example'].map((file) => join(root, 'deploy', name, file));
    const texts = await Promise.all(files.map((file) => readText(file).catch(() => undefined)));
    return texts.some((text) => text !== undefined);
  };
  return {
    async environments(): Promise<readonly string[]> {
      const entries = await readdir(join(root, 'deploy'), { withFileTypes: true }).catch(() => []);
      const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
      const are = await Promise.all(folders.map(isEnvironment));
      return folders.filter((_, at) => are[at]).sort();
    },
    async services(target: string | undefined): Promise<readonly string[]> {
      const reading = {
        ...{ root, git, target, isOffline: true, copyExamples: false },
        // The names of services need no release.
        environment: { DEPLOY_TAG: 'none', ...environment },
        secrecy: { learn: () => {} },
      };
      const names = loadRelease(reading).then(({ services }) => services.map(({ name }) => name).sort());
      return names.catch(() => []);
    },
  };
}

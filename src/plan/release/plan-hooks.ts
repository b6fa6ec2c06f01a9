import { join } from 'node:path';
import type { Inputs } from '../../config/inputs.ts';
import type { Problem } from '../../config/problem.ts';
import { suggest } from '../../shared/suggest.ts';

/** The operator's own programs, and when each is run. */
export const HOOKS = ['pre-build', 'pre-deploy', 'post-deploy', 'on-failure', 'on-rollback'] as const;
export type HookName = (typeof HOOKS)[number];

export interface Hook {
  readonly path: string;
  /** SHA-256 of its content, as hex. */
  readonly digest: string;
}

/** Those that there are. */
export type Hooks = Readonly<Partial<Record<HookName, Hook>>>;

export function planHooks({ hooks, path }: Inputs): Hooks {
  return Object.fromEntries(
    hooks.map(({ name, digest }) => [name, { path: join(path, 'hooks', name), digest }]),
  );
}

/** A hook that is never run, because of its name or its mode, would be found missing too late. */
export function judgeHooks({ hooks, folder }: Inputs): readonly Problem[] {
  return hooks.flatMap(({ name, isExecutable }) => {
    const file = join(folder, 'hooks', name);
    if (!(HOOKS as readonly string[]).includes(name))
      return [{ file, message: `is not a hook: hooks are ${HOOKS.join(', ')}${suggest(name, HOOKS)}` }];
    return isExecutable ? [] : [{ file, message: `cannot be run: chmod +x ${file}` }];
  });
}

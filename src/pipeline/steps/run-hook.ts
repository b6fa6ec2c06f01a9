import type { HookName } from '../../plan/release/plan-hooks.ts';
import type { Release } from '../../plan/release/release.ts';
import { byLine } from '../../shared/by-line.ts';
import { codeOf, DeployError, messageOf } from '../../shared/errors.ts';
import type { Tools } from '../../shared/tools.ts';
import type { Step } from '../step.ts';

/** A hook in its turn; one that fails fails the deploy, or only warns where the release is healthy by then. */
export const hookStep = (name: HookName): Step => ({
  name: `run the hook ${name}`,
  describe: ({ hooks }) => (hooks[name] ? [hooks[name].path] : []),
  async run({ release, tools }) {
    await runHook(name, release, tools, {}, tools.signal);
    return undefined;
  },
});

/** A step before the first change to the stack: its undo runs after the restore. */
export const onRollback: Step = {
  name: 'keep the hook on-rollback ready',
  describe: ({ hooks }) =>
    hooks['on-rollback'] ? [`${hooks['on-rollback'].path}, after the stack was restored`] : [],
  run: async () => undefined,
  needsAllBack: true,
  undo: ({ release, tools }) => tryHook('on-rollback', release, tools),
};

/** The failure that it reports counts, also if the hook fails. */
export async function hookFailure(release: Release, tools: Tools, failure: unknown): Promise<void> {
  await tryHook('on-failure', release, tools, {
    WAGGLE_FAILURE: codeOf(failure),
    WAGGLE_REASON: tools.mask(messageOf(failure)),
  });
}

async function tryHook(name: HookName, release: Release, tools: Tools, env = {}): Promise<void> {
  await runHook(name, release, tools, env).catch((error) => tools.log.warn(messageOf(error)));
}

async function runHook(
  name: HookName,
  { hooks, stack, id, tag, commit = '' }: Release,
  { local, log }: Tools,
  more: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Promise<void> {
  const { path } = hooks[name] ?? {};
  if (!path) return;
  const env = {
    WAGGLE_HOOK: name,
    WAGGLE_STACK: stack,
    WAGGLE_RELEASE: id,
    WAGGLE_TAG: tag,
    WAGGLE_COMMIT: commit,
  };
  const lines = byLine((line) => log.info(`${name} | ${line}`));
  const { exitCode, stderr } = await local([path], {
    env: { ...env, ...more },
    ...(signal && { signal }),
    onOutput: lines.take,
  });
  lines.end();
  signal?.throwIfAborted();
  if (exitCode === 0) return;
  throw new DeployError('HOOK_FAILED', `the hook ${name} ended with ${exitCode}`, {
    details: stderr.trim().split('\n').slice(-5),
    hint: `correct ${path}, or remove it`,
  });
}

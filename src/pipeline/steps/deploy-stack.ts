import { LOGIN_REFUSED, renderStackDeploy } from '../../plan/render-scripts.ts';
import { DeployError } from '../../shared/errors.ts';
import { awaitStack, type Look, staying } from '../../swarm/await-stack.ts';
import { isBack, isSameSet, requireHope } from '../../swarm/judge-stack.ts';
import { isNothing } from '../../swarm/plan-restore.ts';
import { restoreStack } from '../../swarm/restore-stack.ts';
import type { Step } from '../step.ts';

export const deployStack: Step = {
  name: 'deploy the stack',
  describe: ({ stack }) => [`docker stack deploy --with-registry-auth ${stack}, images pinned by digest`],
  async run({ release, tools: { remote, mask, log } }) {
    // Not interrupted by Ctrl-C: it takes seconds, and half of it would be worse than all of it.
    const { exitCode, stdout, stderr } = await remote.run(renderStackDeploy(release));
    for (const line of mask(stdout).split('\n').filter(Boolean)) log.info(line);
    if (exitCode === 0) return undefined;
    const refused = exitCode === LOGIN_REFUSED;
    const what = refused
      ? `cannot log in to ${release.registry.host} on the manager`
      : 'docker stack deploy failed';
    throw new DeployError(refused ? 'REGISTRY_REFUSED' : 'DEPLOY_FAILED', what, {
      details: mask(stderr).trim().split('\n'),
    });
  },
  async undo({ release: { stack, settings }, tools: { swarm, log, signal }, learned: { before } }) {
    if (!before) return;
    const restore = await restoreStack(swarm, stack, before);
    if (isNothing(restore)) return log.info('nothing had changed');
    const timeoutMs = settings.DEPLOY_TIMEOUT * 1000;
    const areBack = staying((look) => isBack(look, before));
    const isDone = (looks: readonly Look[]) => {
      requireHope(looks, 'RESTORE_FAILED');
      return areBack(looks) && isSameSet(looks, before);
    };
    await awaitStack({ swarm, stack, log, signal, timeoutMs, isDone });
    log.info(before.services.length > 0 ? 'the stack is back as it was' : 'the stack is gone, as it was');
  },
};

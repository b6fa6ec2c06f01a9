import { KEY_LABEL, STACK_LABEL } from '../../plan/plan-prune.ts';
import { allOf } from '../../shared/all-of.ts';
import type { Step } from '../step.ts';

/** Values go through the Docker API over SSH: never to the manager's disk, never into an argument. */
export const createSecrets: Step = {
  name: 'create secrets',
  describe: ({ secrets }) => secrets.map(({ name }) => name),
  async run({ release: { stack, secrets }, tools: { swarm } }) {
    const creating = secrets.map(({ key, name, value }) =>
      swarm.createSecret(name, value.reveal(), { [STACK_LABEL]: stack, [KEY_LABEL]: key }),
    );
    // All must have ended before a failure is taken back, or a late one would be left behind.
    await allOf(creating, 'DEPLOY_FAILED');
    return undefined;
  },
  async undo({ release: { secrets }, tools: { swarm } }) {
    await allOf(
      secrets.map(({ name }) => swarm.removeSecret(name)),
      'RESTORE_FAILED',
    );
  },
};

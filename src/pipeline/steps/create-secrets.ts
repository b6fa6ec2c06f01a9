import { KEY_LABEL, STACK_LABEL } from '../../plan/plan-prune.ts';
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
    const failed = (await Promise.allSettled(creating)).find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
    return undefined;
  },
  async undo({ release: { secrets }, tools: { swarm } }) {
    await Promise.all(secrets.map(({ name }) => swarm.removeSecret(name)));
  },
};

import { planPrune, STACK_LABEL } from '../../plan/plan-prune.ts';
import type { Step } from '../step.ts';

export const pruneSecrets: Step = {
  name: 'prune old secrets',
  describe: ({ settings }) => [
    `keep the newest ${settings.SECRET_KEEP_VERSIONS} of each, and all that a live or previous spec names`,
  ],
  async run({ release: { stack, settings }, tools: { swarm, log } }) {
    const [secrets, services] = await Promise.all([
      swarm.readSecrets({ [STACK_LABEL]: stack }),
      swarm.readServices(stack),
    ]);
    const names = planPrune(secrets, services, settings.SECRET_KEEP_VERSIONS);
    await Promise.all(names.map((name) => swarm.removeSecret(name)));
    for (const name of names) log.info(`removed ${name}`);
    return undefined;
  },
};

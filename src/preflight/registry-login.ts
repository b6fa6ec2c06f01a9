import { DeployError } from '../shared/errors.ts';
import { judgeToken, LASTING_TOKEN } from '../shared/registry-token.ts';
import type { Check } from './check.ts';

/** Asked of the manager, which needs it to hand the nodes their pull credentials. It stores nothing. */
export const registryLogin: Check = {
  name: 'the registry takes the login',
  async run({ release: { registry }, tools: { swarm, log } }) {
    const short = judgeToken(registry.token);
    if (short) log.warn(`${short}; ${LASTING_TOKEN}`);
    await swarm.checkRegistryLogin().catch((error: unknown) => {
      if (!(error instanceof DeployError) || error.code !== 'REGISTRY_REFUSED') throw error;
      const hint = 'check REGISTRY, REGISTRY_USERNAME and REGISTRY_TOKEN in deploy/registry.env';
      throw new DeployError(error.code, error.message, { hint, cause: error });
    });
  },
};

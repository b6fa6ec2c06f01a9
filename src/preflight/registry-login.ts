import { DeployError } from '../shared/errors.ts';
import { judgeTokens, LASTING_TOKEN } from '../shared/registry-token.ts';
import type { Check } from './check.ts';

/** Asked of the manager, which needs it to hand the nodes their pull credentials. It stores nothing. */
export const registryLogin: Check = {
  name: 'the registry takes the login',
  async run({ release: { registry }, tools: { swarm, logins, log } }) {
    for (const short of judgeTokens(registry.token, await logins())) log.warn(`${short}; ${LASTING_TOKEN}`);
    await swarm.checkRegistryLogin().catch((error: unknown) => {
      if (!(error instanceof DeployError) || error.code !== 'REGISTRY_REFUSED') throw error;
      const hint = 'check REGISTRY, REGISTRY_USERNAME and REGISTRY_TOKEN in deploy/registry.env';
      throw new DeployError(error.code, error.message, { hint, cause: error });
    });
  },
};

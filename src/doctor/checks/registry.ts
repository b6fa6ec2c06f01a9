import { judgeTokens, LASTING_TOKEN } from '../../shared/registry-token.ts';
import { type Checkup, fine, warning } from '../checkup.ts';

/** The manager hands the nodes this login, and the user's own for other registries. */
export const registry: Checkup = {
  name: 'registry',
  async look({ release: { registry: login }, tools: { swarm, logins } }) {
    const [others] = await Promise.all([logins(), swarm.checkRegistryLogin()]);
    const taken = fine(`${login.host} takes the login of ${login.username}`);
    return [taken, ...judgeTokens(login.token, others).map((short) => warning(short, LASTING_TOKEN))];
  },
};

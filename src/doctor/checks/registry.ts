import { judgeToken, LASTING_TOKEN } from '../../shared/registry-token.ts';
import { type Checkup, fine, warning } from '../checkup.ts';

/** The manager hands the nodes this login. */
export const registry: Checkup = {
  name: 'registry',
  async look({ release: { registry: login }, tools: { swarm } }) {
    await swarm.checkRegistryLogin();
    const taken = fine(`${login.host} takes the login of ${login.username}`);
    const short = judgeToken(login.token);
    return short ? [taken, warning(short, LASTING_TOKEN)] : [taken];
  },
};

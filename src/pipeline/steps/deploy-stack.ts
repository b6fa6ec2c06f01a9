import { makeWay } from '../make-way.ts';
import { runStackDeploy } from '../run-stack-deploy.ts';
import type { Step } from '../step.ts';

export const deployStack: Step = {
  name: 'deploy the stack',
  isChange: () => true,
  describe: ({ stack }) => [
    `docker stack deploy --prune --with-registry-auth ${stack}, images pinned by digest`,
  ],
  async run(deployment) {
    await makeWay(deployment, deployment.learned.recreated ?? []);
    await runStackDeploy(deployment, { file: 'stack.yml', prune: true });
    return { deployed: await deployment.tools.swarm.readServices(deployment.release.stack) };
  },
};

import { longRunningServices } from '../../plan/release/plan-waves.ts';
import { settleAll } from '../../shared/settle-all.ts';
import { removeForRecreate } from '../remove-for-recreate.ts';
import { runStackDeploy } from '../run-stack-deploy.ts';
import type { Deployment, Step } from '../step.ts';

export const deployStack: Step = {
  name: 'deploy the stack',
  isChange: () => true,
  runsCommand: true,
  describe: ({ stack }) => [
    `docker stack deploy --with-registry-auth ${stack}, images pinned by digest; services that it does not name go`,
  ],
  async run(deployment) {
    await removeForRecreate(deployment, deployment.outputs.recreated ?? []);
    await removeOthers(deployment);
    return { deployed: await runStackDeploy(deployment, { name: 'stack' }) };
  },
};

/** Not by Docker's own `--prune`: a client that was suspended could remove a newer service. */
async function removeOthers({ release: { stack, document }, tools }: Deployment): Promise<void> {
  const { swarm, log } = tools;
  const named = new Set(longRunningServices(document).map((name) => `${stack}_${name}`));
  const others = (await swarm.readServices(stack)).filter(({ name }) => !named.has(name));
  for (const { name } of others) log.info(`Removing service ${name}`);
  await settleAll(
    others.map(({ id }) => swarm.removeService(id)),
    'DEPLOY_FAILED',
  );
}

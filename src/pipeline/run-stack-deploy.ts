import { judgeDeployed, judgePruned } from '../plan/changes/judge-deployed.ts';
import { planFilling, planSpecs } from '../plan/changes/plan-changes.ts';
import { longRunningServices } from '../plan/release/plan-waves.ts';
import { LOGIN_REFUSED } from '../plan/render/render-login.ts';
import { renderStackDeploy, type StackDeploy } from '../plan/render/render-scripts.ts';
import { renderStack } from '../plan/render/render-stack.ts';
import { DeployError } from '../shared/errors.ts';
import type { SwarmService } from '../shared/swarm.ts';
import { commandAt } from './pending-commands.ts';
import type { Deployment } from './step.ts';

type Deploying = Pick<StackDeploy, 'name'> & { readonly names?: readonly string[] };

/**
 * `docker stack deploy` on the manager, of the named services; without names of all that stay. Returns the services of
 * the stack once they are as planned.
 */
export async function runStackDeploy(
  deployment: Deployment,
  what: Deploying,
): Promise<readonly SwarmService[]> {
  await runCommand(deployment, what);
  const { release, facts, tools, outputs } = deployment;
  const [services, networks] = await Promise.all([
    tools.swarm.readServices(release.stack),
    tools.swarm.readNetworks(),
  ]);
  const specs = planSpecs(release, facts, outputs.digests);
  const planned = (what.names ?? longRunningServices(release.document)).flatMap(
    (name) => specs.get(name) ?? [],
  );
  const details = [
    ...judgeDeployed(planned, services, { networks, templates: release.templates }),
    ...(what.names ? [] : judgePruned(planned, services)),
  ];
  if (details.length === 0) return services;
  throw new DeployError('DEPLOY_FAILED', 'docker stack deploy ended well, but did not do what was planned', {
    details,
    hint: 'deploy again if somebody else changed the stack; else look on the manager for a `docker` that is not the client of Docker: type docker',
  });
}

async function runCommand(
  { release, facts, tools, holder, outputs: { journal, digests } }: Deployment,
  { name, names }: Deploying,
): Promise<void> {
  const { remote, log, logins, signal } = tools;
  const text = renderStack(release, planFilling(release, facts, digests), names);
  const limit = release.settings.DEPLOY_TIMEOUT;
  const script = renderStackDeploy(release, { name, text, holder, limit }, await logins());
  let at = '';
  const onAttempt = async (address: string) => {
    at = address;
    await journal?.begin(commandAt(address, release.settings));
  };
  const { exitCode, stdout, stderr } = await remote.run(script, { signal, onAttempt });
  journal?.end(at);
  for (const line of stdout.split('\n').filter(Boolean)) log.debug(line);
  if (exitCode === 0) return;
  const refused = exitCode === LOGIN_REFUSED;
  const message = refused
    ? `cannot log in to ${release.registry.host} on the manager`
    : 'docker stack deploy failed';
  throw new DeployError(refused ? 'REGISTRY_REFUSED' : 'DEPLOY_FAILED', message, {
    details: stderr.trim().split('\n'),
  });
}

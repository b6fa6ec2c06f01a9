import { planFilling } from '../plan/changes/plan-changes.ts';
import { LOGIN_REFUSED } from '../plan/render/render-login.ts';
import { renderStackDeploy, type StackDeploy } from '../plan/render/render-scripts.ts';
import { renderStack } from '../plan/render/render-stack.ts';
import { DeployError } from '../shared/errors.ts';
import { commandAt } from './left-commands.ts';
import type { Deployment } from './step.ts';

/** `docker stack deploy` on the manager, of the named services; without names of all that stay. */
export async function runStackDeploy(
  { release, facts, tools, holder, learned: { journal, digests } }: Deployment,
  { name, names }: Pick<StackDeploy, 'name'> & { readonly names?: readonly string[] },
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
  for (const line of stdout.split('\n').filter(Boolean)) log.info(line);
  if (exitCode === 0) return;
  const refused = exitCode === LOGIN_REFUSED;
  const message = refused
    ? `cannot log in to ${release.registry.host} on the manager`
    : 'docker stack deploy failed';
  throw new DeployError(refused ? 'REGISTRY_REFUSED' : 'DEPLOY_FAILED', message, {
    details: stderr.trim().split('\n'),
  });
}

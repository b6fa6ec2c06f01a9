import { LOGIN_REFUSED } from '../plan/render/render-login.ts';
import { renderStackDeploy, type StackDeploy } from '../plan/render/render-scripts.ts';
import { DeployError } from '../shared/errors.ts';
import { commandAt } from './left-commands.ts';
import type { Deployment } from './step.ts';

/** `docker stack deploy` of a file of the bundle, on the manager. */
export async function runStackDeploy(
  { release, tools, holder, learned: { journal } }: Deployment,
  { file }: Pick<StackDeploy, 'file'>,
): Promise<void> {
  const { remote, mask, log, logins, signal } = tools;
  const limit = release.settings.DEPLOY_TIMEOUT;
  const script = renderStackDeploy(release, { file, holder, limit }, await logins());
  let at = '';
  const onAttempt = async (address: string) => {
    at = address;
    await journal?.begin(commandAt(address, release.settings));
  };
  const { exitCode, stdout, stderr } = await remote.run(script, { signal, onAttempt });
  journal?.end(at);
  for (const line of mask(stdout).split('\n').filter(Boolean)) log.info(line);
  if (exitCode === 0) return;
  const refused = exitCode === LOGIN_REFUSED;
  const message = refused
    ? `cannot log in to ${release.registry.host} on the manager`
    : 'docker stack deploy failed';
  throw new DeployError(refused ? 'REGISTRY_REFUSED' : 'DEPLOY_FAILED', message, {
    details: mask(stderr).trim().split('\n'),
  });
}

import { setTimeout as sleep } from 'node:timers/promises';
import { LOGIN_REFUSED } from '../plan/render/render-login.ts';
import { renderStackDeploy, type StackDeploy } from '../plan/render/render-scripts.ts';
import { DeployError } from '../shared/errors.ts';
import { ENDED_MS } from './end-remote-deploys.ts';
import type { Deployment } from './step.ts';

/** `docker stack deploy` of a file of the bundle, on the manager. */
export async function runStackDeploy({ release, tools }: Deployment, what: StackDeploy): Promise<void> {
  const { remote, mask, log, logins, signal } = tools;
  const script = renderStackDeploy(release, what, await logins());
  const { exitCode, stdout, stderr } = await remote.run(script, { signal }).catch(async (error) => {
    // Half of it is put back as all of it would be, once what it had asked for is done.
    if (signal.aborted) await sleep(ENDED_MS);
    throw error;
  });
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

import { isReleaseJob, planEarlyWaves } from '../../plan/release/plan-waves.ts';
import type { Release } from '../../plan/release/release.ts';
import type { SwarmService } from '../../shared/swarm.ts';
import { followLogs } from '../../swarm/follow-logs.ts';
import { convergedState, stayStable } from '../../swarm/stay-stable.ts';
import { awaitRollout } from '../await-rollout.ts';
import { removeForRecreate } from '../remove-for-recreate.ts';
import { runStackDeploy } from '../run-stack-deploy.ts';
import type { Deployment, Step } from '../step.ts';

/** Jobs of the release phase, and what others depend on: each wave has converged before the next begins. */
export const deployWaves: Step = {
  name: 'deploy dependencies first',
  isChange: () => true,
  runsCommand: true,
  describe: (release) => earlyWaves(release, []).map((names) => names.join(', ')),
  async run(deployment) {
    const waves = earlyWaves(deployment.release, deployment.facts.services);
    for (const [at, names] of waves.entries()) await deployWave(deployment, names, at);
    return undefined;
  },
};

/** The services of each, as the stack file names them; `live` are those that the cluster has. */
export function earlyWaves(
  { stack, document }: Release,
  live: readonly SwarmService[],
): readonly (readonly string[])[] {
  return planEarlyWaves(document, (name) => live.some((service) => service.name === `${stack}_${name}`));
}

async function deployWave(deployment: Deployment, names: readonly string[], at: number): Promise<void> {
  const { release, tools, outputs } = deployment;
  const { swarm, log } = tools;
  const { recreated = [] } = outputs;
  const isJob = (name: string) => isReleaseJob(release.document.services?.[name]);
  const jobs = names.filter(isJob).map(nameIn(release));
  log.info(`wave ${at + 1}: ${names.join(', ')}`);
  // A job that is there, of a run that was killed, would not run again.
  await removeForRecreate(
    deployment,
    names.filter((name) => isJob(name) || recreated.includes(name)),
  );
  const deployed = await runStackDeploy(deployment, { name: `wave-${at + 1}`, names });
  const follow = followLogs(swarm, log);
  await awaitRollout(deployment, {
    names: names.map(nameIn(release)),
    deployed,
    areGood: stayStable(convergedState, outputs.before?.taskIds),
    onLook: (looks) => follow(looks.filter(({ service }) => jobs.includes(service.name))),
  });
}

const nameIn =
  ({ stack }: Release) =>
  (name: string) =>
    `${stack}_${name}`;

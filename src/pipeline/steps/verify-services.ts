import { describeDifference } from '../../plan/changes/describe-difference.ts';
import { DeployError } from '../../shared/errors.ts';
import type { SwarmService, SwarmTask } from '../../shared/swarm.ts';
import type { Step } from '../step.ts';

/** The last link of the chain: what runs is, spec for spec and digest for digest, what was deployed. */
export const verifyServices: Step = {
  name: 'verify what runs',
  describe: () => ['every service is as it was deployed, every task runs the digest of the plan'],
  async run({ release: { stack, services }, tools: { swarm }, learned: { digests, deployed = [] } }) {
    const [running, tasks, networks] = await Promise.all([
      swarm.readServices(stack),
      swarm.readTasks(stack, 'current'),
      swarm.readNetworks(stack),
    ]);
    const images = services.flatMap(({ name, image }) => {
      const digest = digests[image];
      const service = running.find((one) => one.name === `${stack}_${name}`);
      return digest && service ? judgeImages(service, tasks, digest) : [];
    });
    const details = [...judgeSpecs(deployed, running), ...images];
    if (details.length === 0) return { deployed: running, networks };
    throw new DeployError('DEPLOY_FAILED', 'something else runs than was deployed', {
      details,
      hint: 'somebody changed the stack meanwhile: deploy again when nobody else does',
    });
  },
};

export function judgeSpecs(
  deployed: readonly SwarmService[],
  running: readonly SwarmService[],
): readonly string[] {
  return deployed.flatMap(({ name, spec }) => {
    const now = running.find((one) => one.name === name);
    if (!now) return [`${name} is gone`];
    return describeDifference(spec, now.spec).map((line) => `${name} was changed meanwhile: ${line}`);
  });
}

export function judgeImages(
  service: SwarmService,
  tasks: readonly SwarmTask[],
  digest: string,
): readonly string[] {
  const spec = service.spec.TaskTemplate?.ContainerSpec?.Image ?? 'no image';
  const others = tasks
    .filter(({ serviceId, state }) => serviceId === service.id && state === 'running')
    .filter(({ image }) => !image.endsWith(`@${digest}`));
  return [
    ...(spec.endsWith(`@${digest}`) ? [] : [`${service.name} is to run ${spec}, not ${digest}`]),
    ...others.map(({ id, image }) => `${service.name}: the task ${id} runs ${image}, not ${digest}`),
  ];
}

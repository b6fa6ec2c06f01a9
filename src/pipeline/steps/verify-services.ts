import { describeDifference } from '../../plan/changes/describe-difference.ts';
import { scaleAs } from '../../plan/records/plan-drift.ts';
import type { Templates } from '../../plan/spec/templates.ts';
import { DeployError } from '../../shared/errors.ts';
import { retryForMinute } from '../../shared/retry-for-minute.ts';
import type { ServiceSpec } from '../../shared/service-spec.ts';
import type { SwarmService, SwarmTask } from '../../shared/swarm.ts';
import type { Deployment, Step } from '../step.ts';

/** The last link of the chain: what runs is, spec for spec and digest for digest, what was deployed. */
export const verifyServices: Step = {
  name: 'verify running images',
  describe: () => ['every service has the planned spec, every task runs the planned digest'],
  async run({
    release: { stack, services, templates },
    tools: { swarm },
    outputs: { digests, deployed = [] },
  }) {
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
    requireNone([...judgeSpecs(specsOf(deployed), specsOf(running), templates), ...images]);
    return { deployed: running, networks };
  },
};

/** Somebody may have changed a service while health was asked for: then it is not what was verified that answered. */
export async function requireUnchanged({
  release,
  tools,
  outputs: { deployed = [] },
}: Deployment): Promise<void> {
  const { swarm, log, signal } = tools;
  const onFirstFailure = () => log.warn('the manager does not answer: it is asked again');
  const running = await retryForMinute(() => swarm.readServices(release.stack), { onFirstFailure, signal });
  const [verified, now] = [specsOf(deployed), specsOf(running)];
  // Somebody may scale at any time.
  const isScaleTheirs = release.settings.KEEP_LIVE_SCALE;
  requireNone(judgeSpecs(verified, isScaleTheirs ? scaleAs(verified, now) : now, release.templates));
}

const specsOf = (services: readonly SwarmService[]) => services.map(({ spec }) => spec);

function requireNone(details: readonly string[]): void {
  if (details.length === 0) return;
  throw new DeployError('DEPLOY_FAILED', 'something else runs than was deployed', {
    details,
    hint: 'somebody changed the stack meanwhile: deploy again when nobody else does',
  });
}

export function judgeSpecs(
  deployed: readonly ServiceSpec[],
  running: readonly ServiceSpec[],
  templates: Templates,
): readonly string[] {
  const both = { before: templates, now: templates };
  return deployed.flatMap((spec) => {
    const now = running.find(({ Name }) => Name === spec.Name);
    if (!now) return [`${spec.Name} is gone`];
    return describeDifference(spec, now, both).map((line) => `${spec.Name} was changed meanwhile: ${line}`);
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

import type { ServiceSpec } from '../shared/service-spec.ts';
import type { HealthAnswer, Swarm, SwarmTask } from '../shared/swarm.ts';

/** What changes from one to the next may tell more than the last one does. */
const MOST_ANSWERS = 3;

const describeAnswer = ({ exitCode, output }: HealthAnswer) =>
  `its healthcheck said (exit code ${exitCode}): ${output || 'nothing'}`;

/**
 * What the health check of a task that ended said last, the same words once. Only the engine that ran it knows; the
 * manager can be asked for its own tasks, for another node there is the command to ask it with.
 */
export async function readHealth(
  swarm: Swarm,
  spec: ServiceSpec,
  tasks: readonly SwarmTask[],
  nodeName: (nodeId: string) => string,
): Promise<readonly string[]> {
  const [kind = 'NONE'] = spec.TaskTemplate?.ContainerSpec?.Healthcheck?.Test ?? [];
  if (kind === 'NONE') return [];
  const ended = tasks.filter(({ state, containerId }) => state !== 'running' && containerId !== '');
  for (const { containerId } of ended) {
    const answers = await swarm.readHealth(containerId).catch(() => undefined);
    const bad = answers?.filter(({ exitCode }) => exitCode !== 0).slice(-MOST_ANSWERS) ?? [];
    if (bad.length > 0) return [...new Set(bad.map(describeAnswer))];
  }
  const [other] = ended;
  if (!other) return [];
  const ask = `docker inspect --format '{{json .State.Health}}' ${other.containerId.slice(0, 12)}`;
  return [`what its healthcheck said is known on ${nodeName(other.nodeId)}: ${ask}`];
}

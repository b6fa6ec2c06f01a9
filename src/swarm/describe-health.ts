import type { ServiceSpec } from '../shared/service-spec.ts';
import type { HealthAnswer } from '../shared/swarm.ts';
import { isChecked } from './causes/unhealthy.ts';
import type { EndedTask } from './read-endings.ts';

/** What changes from one to the next may tell more than the last one does. */
const MOST_ANSWERS = 3;

const describeAnswer = ({ exitCode, output }: HealthAnswer) =>
  `its healthcheck said (exit code ${exitCode}): ${output || 'nothing'}`;

/**
 * What the health check of a task that ended said last, the same words once; where no engine that ran one could be
 * asked, the command to ask it with.
 */
export function describeHealth(
  spec: ServiceSpec,
  ended: readonly EndedTask[],
  nodeName: (nodeId: string) => string,
): readonly string[] {
  for (const { ending } of ended) {
    const bad = ending?.answers.filter(({ exitCode }) => exitCode !== 0).slice(-MOST_ANSWERS) ?? [];
    if (bad.length > 0) return [...new Set(bad.map(describeAnswer))];
  }
  const { task } = ended.find(({ ending }) => ending === undefined) ?? {};
  // An image may bring a health check of its own.
  if (!task || !(isChecked(spec) || /unhealthy container/.test(task.error))) return [];
  const ask = `docker inspect --format '{{json .State.Health}}' ${task.containerId.slice(0, 12)}`;
  return [`what its healthcheck said is known on ${nodeName(task.nodeId)}: ${ask}`];
}

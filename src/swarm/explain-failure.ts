import { describeDifference } from '../plan/changes/describe-difference.ts';
import type { Templates } from '../plan/spec/templates.ts';
import { hasFailed, wasStopped } from '../plan/status/has-failed.ts';
import { messageOf } from '../shared/errors.ts';
import { retryForMinute } from '../shared/retry-for-minute.ts';
import type { ServiceSpec } from '../shared/service-spec.ts';
import type { Swarm, SwarmService, SwarmTask } from '../shared/swarm.ts';
import type { CauseContext } from './causes/cause.ts';
import { findCause } from './causes/causes.ts';
import { describeHealth } from './describe-health.ts';
import { describeTask } from './judge-service.ts';
import type { Snapshot } from './plan-restore.ts';
import { type EndedTask, endingReader, type Nodes } from './read-endings.ts';

const LOG_LINES = 30;

export interface Failure extends Nodes {
  readonly swarm: Swarm;
  readonly stack: string;
  /** What there was before the deploy: tasks that are not of it are what the deploy did, without asking any clock. */
  readonly before: Pick<Snapshot, 'services' | 'taskIds'>;
  /** What of the services before and now must not be shown; undefined: there were none before. */
  readonly templates?: { readonly before: Templates; readonly now: Templates };
  /** The deployed specs: Swarm may have rolled the services back before the failure is explained. */
  readonly deployed?: readonly SwarmService[] | undefined;
  readonly signal: AbortSignal;
}

/**
 * Why services did not come up: the fate of one failed task of each, the likely cause, what its health check said, its
 * last log lines, and what differs from the service before. What cannot be asked hides no failure, and is said.
 */
export async function explainFailure(failure: Failure): Promise<readonly string[]> {
  return explain(failure).catch((error) => [
    `why is not known, the manager could not be asked: ${messageOf(error)}`,
  ]);
}

async function explain({
  swarm,
  stack,
  before,
  deployed = [],
  templates = { before: [], now: [] },
  signal,
  ...reachable
}: Failure): Promise<readonly string[]> {
  const read = () => Promise.all([swarm.readServices(stack), swarm.readTasks(stack), swarm.readNodes()]);
  // What a node that dies makes fail often comes with an election: nobody answers for some seconds.
  const [services, tasks, nodes] = await retryForMinute(read, { onFirstFailure: () => {}, signal });
  const nodeName = (id: string) => nodes.find((node) => node.id === id)?.hostname ?? id;
  const readEndings = endingReader(reachable, nodes);
  const fresh = tasks.filter((task) => !before.taskIds.has(task.id) && !wasStopped(task));
  const explained = services.map(async ({ id, name, spec: live, update }) => {
    const spec = deployed.find((one) => one.id === id)?.spec ?? live;
    const own = fresh.filter(({ serviceId }) => serviceId === id);
    const isBlamed = (task: SwarmTask) => update?.message.includes(task.id) ?? false;
    const task = [isBlamed, ...TELLING].map((tells) => own.find(tells)).find((one) => one !== undefined);
    if (!task) return [];
    const node = nodes.find((one) => one.id === task.nodeId);
    const [log, ended] = await Promise.all([
      // One that is cut off would be waited for.
      node?.state === 'ready' ? readLog(swarm, task) : [],
      readEndings([task, ...own.filter((one) => one !== task)]),
    ]);
    const lines = [
      ...describe({ task, spec, node, nodes, log, isOutOfMemory: isOutOfMemory(task, ended) }),
      ...describeHealth(spec, ended, nodeName),
      ...describeChange(name, spec, before, templates),
    ];
    return [...lines.map((line) => `${name}: ${line}`), ...log.map((line) => `  | ${line}`)];
  });
  return (await Promise.all(explained)).flat();
}

/** The tasks that tell most, first, after the one that Swarm gives as its reason: one that failed, one that Swarm gives a reason for, one that ended, one on its way. */
const TELLING: readonly ((task: SwarmTask) => boolean)[] = [
  hasFailed,
  ({ state, error }) => state !== 'running' && error !== '',
  ({ state }) => state === 'complete',
  ({ state, desiredState }) => state !== 'running' && ['running', 'ready'].includes(desiredState),
];

function describe(context: CauseContext): readonly string[] {
  const cause = findCause(context);
  return [`a task ${context.task.state}: ${describeTask(context.task)}`, ...(cause ? [cause] : [])];
}

/** What is known of another that ended in the same way counts for one of a node that cannot be reached. */
function isOutOfMemory({ exitCode }: SwarmTask, ended: readonly EndedTask[]): boolean | undefined {
  return ended.find(({ task, ending }) => ending !== undefined && task.exitCode === exitCode)?.ending
    ?.isOutOfMemory;
}

function describeChange(
  name: string,
  spec: ServiceSpec,
  before: Failure['before'],
  templates: NonNullable<Failure['templates']>,
): readonly string[] {
  const was = before.services.find((service) => service.name === name);
  if (!was) return [];
  const changes = describeDifference(was.spec, spec, templates);
  return changes.length > 0
    ? changes.map((change) => `it differs from what ran before: ${change}`)
    : ['it does not differ from what ran before: look at its node, and at what it needs'];
}

/** A log that cannot be read must not hide the failure that it would explain. */
async function readLog(swarm: Swarm, { id }: SwarmTask): Promise<readonly string[]> {
  return swarm.readTaskLog(id, LOG_LINES).catch(() => []);
}

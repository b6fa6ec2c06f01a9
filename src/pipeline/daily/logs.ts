import { isDeepStrictEqual } from 'node:util';
import { type LogSelection, parseLogSelection, parsePattern } from '../../config/parse-log-selection.ts';
import { findService } from '../../plan/find-service.ts';
import { findRelease } from '../../plan/records/find-release.ts';
import { parseHistory } from '../../plan/records/release-record.ts';
import { type Colour, paint } from '../../shared/paint.ts';
import type { LogLine, LogSource } from '../../shared/service-log.ts';
import type { SwarmReads, SwarmRecords, SwarmService } from '../../shared/swarm.ts';
import type { Tools } from '../../shared/tools.ts';
import { followLog, logOf } from '../../swarm/follow-log.ts';
import { taskNames } from '../../swarm/task-names.ts';
import { atCluster } from '../at-cluster.ts';
import type { RunContext } from '../run-context.ts';
import { readLogs } from './read-logs.ts';

export interface LogsOptions extends LogSelection {
  readonly target: string | undefined;
  /** As the stack file names them; none: all. */
  readonly names: readonly string[];
  readonly timestamps: boolean;
  /** Only lines that this regular expression is found in. */
  readonly grep: string | undefined;
  /** `r41`: only tasks that run what that release made of their service. */
  readonly release: string | undefined;
}

/** Prints what the tasks of the stack say, whichever node they are on. */
export async function showLogs(context: RunContext, options: LogsOptions): Promise<void> {
  const { print } = context;
  const wish = parseLogSelection(options, Date.now());
  const isWanted = parsePattern(options.grep);
  await atCluster(context, options.target, async ({ stack }, { swarm, signal, log }) => {
    const services = await findServices(swarm, stack, options.names);
    const sources = options.release
      ? await findTasks(swarm, stack, services, options.release)
      : services.map(logOf);
    const nameOf = await taskNames(swarm, stack);
    const show = async ({ time, taskId, text }: LogLine) => {
      if (!isWanted(text)) return;
      const name = await nameOf(taskId);
      const tint = (line: string) => line.replace(name, () => paint(colourOf(name), name));
      print(`${options.timestamps ? `${time} ` : ''}${name} | ${text}`, { tint, isRelayed: true });
    };
    if (wish.follow) {
      await Promise.all(sources.map((source) => followLog({ swarm, log, signal }, source, wish, show)));
      return;
    }
    const reachable = await withoutDownNodes({ swarm, log }, stack, sources);
    await readLogs({ swarm, log, signal }, reachable, wish, show);
  });
}

/** The tasks of nodes that are up, where one is down: Docker would wait for it. */
async function withoutDownNodes(
  { swarm, log }: Pick<Tools, 'swarm' | 'log'>,
  stack: string,
  sources: readonly LogSource[],
): Promise<readonly LogSource[]> {
  const down = (await swarm.readNodes()).filter(({ state }) => state !== 'ready');
  if (down.length === 0) return sources;
  log.warn(
    `${down.map(({ hostname }) => hostname).join(', ')} cannot be read: the lines of its tasks are missing`,
  );
  const tasks = (await swarm.readTasks(stack)).filter(
    ({ nodeId }) => nodeId !== '' && !down.some(({ id }) => id === nodeId),
  );
  return sources.flatMap((source) =>
    source.kind === 'task'
      ? [source].filter(({ id }) => tasks.some((task) => task.id === id))
      : tasks
          .filter(({ serviceId }) => serviceId === source.id)
          .map(({ id }) => ({ ...source, kind: 'task', id }) as const),
  );
}

async function findServices(
  swarm: SwarmReads,
  stack: string,
  names: readonly string[],
): Promise<readonly SwarmService[]> {
  const services = await swarm.readServices(stack);
  return names.length === 0 ? services : names.map((name) => findService(stack, services, name));
}

/** A task is of a release when it was made from what that release recorded for its service. */
async function findTasks(
  swarm: SwarmReads & SwarmRecords,
  stack: string,
  services: readonly SwarmService[],
  name: string,
): Promise<readonly LogSource[]> {
  const [records, tasks, templates] = await Promise.all([
    swarm.readRecords(stack),
    swarm.readTasks(stack),
    swarm.readTaskTemplates(stack),
  ]);
  const release = findRelease(parseHistory(records), name);
  return services.flatMap((service) => {
    const recorded = release.services.find(({ Name }) => Name === service.name)?.TaskTemplate?.ContainerSpec;
    return tasks
      .filter(({ id, serviceId, nodeId }) => {
        const isMade = isDeepStrictEqual(templates.get(id)?.ContainerSpec, recorded);
        return serviceId === service.id && nodeId !== '' && recorded && isMade;
      })
      .map(({ id }) => ({ ...logOf(service), kind: 'task', id }) as const);
  });
}

const PREFIXES: readonly Colour[] = ['cyan', 'green', 'yellow', 'red'];

/** One colour for a service, always the same. */
function colourOf(name: string): Colour {
  const [service = ''] = name.split(/[.@]/);
  const sum = [...service].reduce((total, letter) => total + (letter.codePointAt(0) ?? 0), 0);
  return PREFIXES[sum % PREFIXES.length] ?? 'cyan';
}

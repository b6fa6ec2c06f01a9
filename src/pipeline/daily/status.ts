import { setTimeout as sleep } from 'node:timers/promises';
import { listWarnings } from '../../config/group-findings.ts';
import { findReadableRunning } from '../../plan/records/find-release.ts';
import { findHolder, findLock } from '../../plan/records/lock.ts';
import { planDrift } from '../../plan/records/plan-drift.ts';
import { parseHistory, type ReleaseRecord } from '../../plan/records/release-record.ts';
import { describeDamage, isOfKind } from '../../plan/records/stored.ts';
import type { Release } from '../../plan/release/release.ts';
import { renderStatus } from '../../plan/status/render-status.ts';
import { planNodeStatus, planServiceStatus, type StackStatus } from '../../plan/status/stack-status.ts';
import { silentLog } from '../../shared/recording-log.ts';
import type { SwarmRecord } from '../../shared/swarm.ts';
import type { Tools } from '../../shared/tools.ts';
import { connected } from '../at-cluster.ts';
import { describeInFull, tellInterruptions } from '../history/interruptions.ts';
import { watch } from '../lock/take-lock.ts';
import type { RunContext } from '../run-context.ts';
import { timed } from '../run-steps.ts';

/** So often a status that is watched is asked for again. */
const WATCH_MS = 2_000;

export interface StatusOptions {
  readonly target: string | undefined;
  readonly format: 'text' | 'json';
  /** Again and again, until Ctrl-C. */
  readonly isWatched: boolean;
}

/** Shows running services, the holder of the lock, interrupted runs, and manual changes. */
export async function showStatus(
  context: RunContext,
  { target, format, isWatched }: StatusOptions,
): Promise<void> {
  await connected(context, target, async (release, tools) => {
    const look = async (log = tools.log) => {
      const status = await readStatus(release, { ...tools, log });
      return format === 'json' ? status : renderStatus(status, Date.now());
    };
    if (!isWatched) return context.print(await look());
    const { signal } = context;
    while (!signal.aborted) {
      await context.draw(await look(silentLog));
      // Ctrl-C is how a watch ends.
      await sleep(WATCH_MS, undefined, { signal }).catch(() => {});
    }
  });
}

async function readStatus(release: Release, tools: Tools): Promise<StackStatus> {
  const { stack } = release;
  const { swarm, log, signal } = tools;
  const found = await swarm.readRecords(stack);
  const lock = findLock(found);
  const isHeld = lock !== undefined && findHolder(lock) !== undefined;
  const isRunning = isHeld && found.some(isOfKind('journal'));
  // A run that is under way, or one that was killed.
  const fate =
    isRunning &&
    (await timed(log, 'check that the lock is renewed', () => watch(lock, { swarm, stack, signal })));
  const [records, services, networks, tasks, nodes] = await Promise.all([
    isRunning ? swarm.readRecords(stack) : found,
    swarm.readServices(stack),
    swarm.readNetworks(stack),
    swarm.readTasks(stack),
    swarm.readNodes(),
  ]);
  return {
    stack,
    ...planRecordStatus(records, fate === 'alive'),
    services: planServiceStatus(stack, services, tasks, nodes),
    nodes: planNodeStatus(nodes),
    drift: findReadableRunning(records) ? planDrift(records, { services, networks }, release) : [],
    warnings: listWarnings(release.findings),
  };
}

/** The content of the records. `isAlive`: the holder renews the lock. */
export function planRecordStatus(
  records: readonly SwarmRecord[],
  isAlive: boolean,
): Pick<StackStatus, 'release' | 'lock' | 'runs' | 'unreadable'> {
  const release = findReadableRunning(records);
  const lock = findLock(records);
  const holder = lock && findHolder(lock);
  return {
    ...(release && { release: summarise(release) }),
    ...(holder && { lock: holder }),
    unreadable: [
      ...parseHistory(records).damaged.map(({ name, why }) => describeDamage({ name, why })),
      ...(lock && !holder ? [describeDamage({ name: lock.name, why: 'it does not say who holds it' })] : []),
    ],
    runs: tellInterruptions(records, (one) =>
      isAlive && one.intent.since === holder?.since
        ? `it is at: ${one.step}`
        : describeInFull(one).join('\n  '),
    ),
  };
}

const summarise = ({ number, id, tag, result, who, since }: ReleaseRecord) =>
  ({ number, id, tag, result, who, since }) as const;

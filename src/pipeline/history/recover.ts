import type { ClusterFacts } from '../../plan/changes/facts.ts';
import { ON_INTERRUPTED, type OnInterrupted } from '../../plan/records/on-interrupted.ts';
import { parseReleases } from '../../plan/records/release-record.ts';
import { allOf } from '../../shared/all-of.ts';
import { DeployError } from '../../shared/errors.ts';
import type { SwarmRecord } from '../../shared/swarm.ts';
import { endRemoteDeploys } from '../end-remote-deploys.ts';
import { type Return, returnTo } from '../return-to.ts';
import type { Learned, Restoring } from '../step.ts';
import { adopt } from './adopt.ts';
import { describeInterruption, findInterruptions, HEALTHY, type Interruption } from './journal.ts';
import { removeStored } from './store.ts';

export interface Recovery {
  /** Something in the cluster was changed: what was read of it before is no longer so. */
  readonly hasChanged: boolean;
  readonly learned: Pick<Learned, 'before' | 'interruptions'>;
}

/** Settles what runs that were killed have left. `wanted`: as the command line says; undefined: asked on a terminal. */
export async function recover(
  acting: Restoring,
  { records }: Pick<ClusterFacts, 'records'>,
  wanted: OnInterrupted | undefined,
): Promise<Recovery> {
  const { swarm, log } = acting.tools;
  const all = findInterruptions(records);
  const done = all.filter(({ step }) => step === HEALTHY);
  for (const one of done) await finish(acting, one, records);
  const open = all.filter(({ step }) => step !== HEALTHY);
  const [first] = open;
  if (!first) return { hasChanged: done.length > 0, learned: {} };
  const said = describeInterruption(first);
  const choice = wanted ?? (await askFor(acting, said));
  if (choice === 'fail')
    throw new DeployError('INTERRUPTED', said, {
      details: Object.entries(ON_INTERRUPTED).map(
        ([name, meaning]) => `--on-interrupted=${name}: ${meaning}`,
      ),
      hint: 'say which, or run it on a terminal',
    });
  log.warn(`${said}: ${choice}`);
  // Its command may live on without it.
  const quietMs = await endRemoteDeploys(acting, first.intent.id);
  if (choice === 'resume')
    return { hasChanged: false, learned: { before: first.intent.before, interruptions: open } };
  if (choice === 'rollback') await takeBack(acting, open, { before: first.intent.before, records, quietMs });
  if (choice === 'adopt') await adopt(acting, { ...describeAsRelease(first), isHalfDone: true });
  for (const { record } of open) await removeStored(swarm, record, records);
  return { hasChanged: true, learned: {} };
}

/** The release was found healthy: its record may be all that is missing. */
async function finish(acting: Restoring, one: Interruption, records: readonly SwarmRecord[]): Promise<void> {
  const isRecorded = parseReleases(records).some(({ id }) => id === one.intent.id);
  if (!isRecorded) await adopt(acting, describeAsRelease(one));
  await removeStored(acting.tools.swarm, one.record, records);
}

const describeAsRelease = ({ intent: { id, who, since, isIrreversible } }: Interruption) => ({
  ...{ id, who, since, isIrreversible },
  tag: id.replace(/_\d+$/, ''),
});

async function askFor({ tools }: Restoring, said: string): Promise<OnInterrupted> {
  const lines = Object.entries(ON_INTERRUPTED).map(([name, meaning]) => `  ${name}: ${meaning}`);
  const answer = (await tools.ask([said, ...lines, 'which? [fail] '].join('\n')))?.trim() ?? '';
  tools.signal.throwIfAborted();
  return Object.hasOwn(ON_INTERRUPTED, answer) ? (answer as OnInterrupted) : 'fail';
}

async function takeBack(acting: Restoring, open: readonly Interruption[], back: Return): Promise<void> {
  await returnTo(acting, back);
  const removing = open
    .flatMap(({ intent: { objects } }) => objects)
    .map(({ kind, name }) => acting.tools.swarm.removeObject(kind, name));
  await allOf(removing, 'RESTORE_FAILED');
}

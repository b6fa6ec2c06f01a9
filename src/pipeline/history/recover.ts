import type { ClusterFacts } from '../../plan/changes/facts.ts';
import { ON_INTERRUPTED, type OnInterrupted } from '../../plan/records/on-interrupted.ts';
import { idOf, parseHistory, parseRelease, releaseHeads } from '../../plan/records/release-record.ts';
import { piecesOf } from '../../plan/records/stored.ts';
import { DeployError } from '../../shared/errors.ts';
import { settleAll } from '../../shared/settle-all.ts';
import type { SwarmRecord } from '../../shared/swarm.ts';
import { type PendingCommands, settleCommands } from '../end-commands.ts';
import { type RestorePoint, restoreTo } from '../restore-to.ts';
import type { RestoreContext, StepOutputs } from '../step.ts';
import { adopt } from './adopt.ts';
import {
  describeInFull,
  describeInterruption,
  findInterruptions,
  type Interruption,
  isSettled,
} from './interruptions.ts';
import { ADOPTING, Journal } from './journal.ts';
import { removeStored } from './store.ts';

export interface Recovery {
  /** Something in the cluster was changed: what was read of it before is no longer so. */
  readonly hasChanged: boolean;
  readonly outputs: Pick<StepOutputs, 'before' | 'interruptions'>;
}

/** Settles what runs that were killed have left. `wanted`: as the command line says; undefined: asked on a terminal. */
export async function recover(
  acting: RestoreContext,
  { records }: Pick<ClusterFacts, 'records'>,
  wanted: OnInterrupted | undefined,
): Promise<Recovery> {
  const { cluster, swarm, log } = acting.tools;
  const all = findInterruptions(records);
  const recorded = [...parseHistory(records).releases, ...all.map(({ intent }) => intent)];
  const last = recorded.findLast((one) => one.cluster !== undefined)?.cluster;
  if (last) await cluster.accept(last, `what is on record of ${acting.release.stack}`);
  const done = all.filter(isSettled);
  for (const one of done) {
    await settleCommands(acting, leavingOf(one.intent.id, [one]));
    await finish(acting, one, records);
  }
  const open = all.filter((one) => !isSettled(one));
  const [first] = open;
  if (!first) return { hasChanged: done.length > 0, outputs: {} };
  const choice = wanted ?? (await askFor(acting, first));
  if (choice === 'fail') throw isLeft(first);
  log.warn(`${describeInterruption(first)}: ${choice}`);
  const { before, id } = first.intent;
  // Its command may live on without it.
  const leaving = leavingOf(id, open);
  if (choice === 'rollback') await takeBack(acting, open, { before, records, ...leaving });
  else await settleCommands(acting, leaving);
  const hasChanged = leaving.left.length > 0 || done.length > 0;
  if (choice === 'resume') return { hasChanged, outputs: { before, interruptions: open } };
  // Those of a run that went on from another's beginnings say the same.
  for (const { record } of open.slice(1)) await removeStored(swarm, record, records);
  if (choice === 'adopt') await adoptLeft(acting, first, records);
  else await removeStored(swarm, first.record, records);
  return { hasChanged: true, outputs: {} };
}

const leavingOf = (id: string, all: readonly Interruption[]): PendingCommands => ({
  id,
  left: all.flatMap(({ left }) => left),
});

function isLeft(one: Interruption): DeployError {
  const choices = Object.entries(ON_INTERRUPTED).map(
    ([name, meaning]) => `--on-interrupted=${name}: ${meaning}`,
  );
  const [said = '', ...plan] = describeInFull(one);
  return new DeployError('INTERRUPTED', said, {
    details: [...plan, ...choices],
    hint: 'say which, or run it on a terminal',
  });
}

/** Recorded first, so that the choice survives another interruption. */
async function adoptLeft(
  acting: RestoreContext,
  one: Interruption,
  records: readonly SwarmRecord[],
): Promise<void> {
  await new Journal(acting.tools.swarm, piecesOf(one.record, records)).reach(ADOPTING);
  await finish(acting, { ...one, step: ADOPTING }, records);
}

/** Its record may be all that is missing. */
async function finish(
  acting: RestoreContext,
  one: Interruption,
  records: readonly SwarmRecord[],
): Promise<void> {
  const isRecorded = releaseHeads(records)
    .filter((head) => idOf(head) === one.intent.id)
    .some((head) => parseRelease(head, records).services.length > 0);
  if (!isRecorded) await adopt(acting, describeAsRelease(one));
  await removeStored(acting.tools.swarm, one.record, records);
}

const describeAsRelease = ({
  intent: { id, who, since, isIrreversible, project, plan, stackFile, templates, before },
  step,
}: Interruption) => ({
  ...{ id, who, since, isIrreversible, project, plan },
  tag: id.replace(/_\d+$/, ''),
  templates: [...templates, ...before.templates],
  // A partly deployed stack has no stack file.
  ...(step === ADOPTING ? { isHalfDone: true } : { stackFile }),
});

async function askFor({ tools }: RestoreContext, one: Interruption): Promise<OnInterrupted> {
  const lines = Object.entries(ON_INTERRUPTED).map(([name, meaning]) => `  ${name}: ${meaning}`);
  const question = [...describeInFull(one), ...lines, 'which? [fail] '].join('\n');
  const answer = (await tools.ask(question))?.trim() ?? '';
  tools.signal.throwIfAborted();
  return Object.hasOwn(ON_INTERRUPTED, answer) ? (answer as OnInterrupted) : 'fail';
}

async function takeBack(
  acting: RestoreContext,
  open: readonly Interruption[],
  back: RestorePoint,
): Promise<void> {
  await restoreTo(acting, back).catch((error) => {
    // It is back, as was wanted; what comes next may be what heals it.
    if (!(error instanceof DeployError) || error.code !== 'RESTORE_UNHEALTHY') throw error;
    acting.tools.log.warn(`the stack is restored, but not healthy: ${error.message}`);
  });
  const removing = open
    .flatMap(({ intent: { objects } }) => objects)
    .map(({ kind, name }) => acting.tools.swarm.removeObject(kind, name));
  await settleAll(removing, 'RESTORE_FAILED');
}

import { RECORD_LABEL, STACK_LABEL } from '../../plan/labels.ts';
import { type PruneDecision, planPrune, type ReferenceHolder } from '../../plan/plan-prune.ts';
import { planPruneReleases, type ReleaseFate } from '../../plan/records/plan-prune-releases.ts';
import { type History, parseHistory } from '../../plan/records/release-record.ts';
import { type DamagedRecord, orphansOf, requireReadable } from '../../plan/records/stored.ts';
import type { ObjectKind } from '../../plan/release/release.ts';
import { settleAll } from '../../shared/settle-all.ts';
import type { SwarmRecord, SwarmService } from '../../shared/swarm.ts';
import type { RestoreContext } from '../step.ts';
import { type Interruption, judgeInterruptions } from './interruptions.ts';
import { removeStored } from './store.ts';

export interface PrunePlan {
  readonly objects: readonly (PruneDecision & { readonly kind: ObjectKind })[];
  readonly releases: readonly ReleaseFate[];
  /** All records of the stack. */
  readonly records: readonly SwarmRecord[];
  /** Records of the cluster that may name anything. */
  readonly damaged: readonly DamagedRecord[];
}

/**
 * Reads what there is, and plans what of it may go. Only what Waggle made of this stack; but any stack may name it.
 */
export async function readPruning({ release, tools: { swarm } }: RestoreContext): Promise<PrunePlan> {
  const { stack, settings } = release;
  const [services, secrets, configs, all] = await Promise.all([
    swarm.readServices(),
    swarm.readObjects('secret'),
    swarm.readObjects('config'),
    swarm.readRecords(),
  ]);
  const records = all.filter(({ labels }) => labels[RECORD_LABEL] === stack);
  const releases = planPruneReleases(records, settings.RELEASES_KEEP);
  const going = new Set(releases.filter(isGoing).map(({ head }) => head));
  const history = parseHistory(all.filter((record) => !going.has(record)));
  const journals = judgeInterruptions(all);
  const open = journals.flatMap((one) => ('value' in one ? [one.value] : []));
  const damaged = [...history.damaged, ...journals.flatMap((one) => ('damage' in one ? [one.damage] : []))];
  const namings = namingsOf(stack, services, history, open);
  const fates = Object.entries({ secret: secrets, config: configs }).flatMap(([kind, existing]) => {
    const ours = existing.filter(({ labels }) => labels[STACK_LABEL] === stack);
    const planned = planPrune(ours, namings, settings.SECRET_KEEP_VERSIONS, damaged[0]?.name);
    return planned.map((fate) => ({ ...fate, kind: kind as ObjectKind }));
  });
  return { objects: fates, releases, records, damaged };
}

const isGoing = ({ why }: Pick<PruneDecision, 'why'>) => why === undefined;

/** Every spec that a rollback or restore may need; live specs last, because messages name the last. */
function namingsOf(
  stack: string,
  services: readonly SwarmService[],
  { releases }: History,
  open: readonly Interruption[],
): readonly ReferenceHolder[] {
  const of = (other: string) => (other === stack ? '' : ` of ${other}`);
  return [
    ...releases.flatMap((release) =>
      release.services.map((spec) => ({ by: `release r${release.number}${of(release.stack)}`, spec })),
    ),
    ...open.flatMap(({ intent: { id, before, objects } }) => {
      const by = `the interrupted deploy ${id}`;
      const made = { by, names: objects.map(({ name }) => name) };
      return [...before.services.map(({ spec }) => ({ by, spec })), made];
    }),
    ...services.map(({ name, previousSpec: spec }) => ({ by: `the previous spec of ${name}`, spec })),
    ...services.map(({ name, spec }) => ({ by: `the service ${name}`, spec })),
  ];
}

/** Does all that can be done. Throws AUDIT_FAILED at the end when a record could not be read. */
export async function prune({ tools }: RestoreContext, pruning: PrunePlan): Promise<void> {
  const { objects, releases, records, damaged } = pruning;
  const { swarm, log } = tools;
  // A release goes before the versions that it alone names, and the oldest first: an audit takes a gap for tampering.
  for (const { head } of releases.filter(isGoing)) await removeStored(swarm, head, records);
  const removing = objects.filter(isGoing).map(async ({ kind, name }) => {
    await swarm.removeObject(kind, name);
    log.info(`removed the ${kind} ${name}`);
  });
  const orphans = orphansOf(records).map(({ id }) => swarm.removeRecord(id));
  await settleAll([...orphans, ...removing], 'DEPLOY_FAILED');
  requireReadable(damaged);
}

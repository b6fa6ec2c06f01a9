import { STACK_LABEL } from '../../plan/labels.ts';
import { type Fate, type Naming, planPrune } from '../../plan/plan-prune.ts';
import { planPruneReleases, type ReleaseFate } from '../../plan/records/plan-prune-releases.ts';
import { parseReleases } from '../../plan/records/release-record.ts';
import { orphansOf } from '../../plan/records/stored.ts';
import type { ObjectKind } from '../../plan/release/release.ts';
import { allOf } from '../../shared/all-of.ts';
import type { SwarmRecord, SwarmService } from '../../shared/swarm.ts';
import type { Restoring } from '../step.ts';
import { findInterruptions } from './interruptions.ts';
import { removeStored } from './store.ts';

export interface Pruning {
  readonly objects: readonly (Fate & { readonly kind: ObjectKind })[];
  readonly releases: readonly ReleaseFate[];
  /** All records, as they were read. */
  readonly records: readonly SwarmRecord[];
}

/** Reads what there is, and plans what of it may go. Only what Waggle made of this stack. */
export async function readPruning({ release, tools: { swarm } }: Restoring): Promise<Pruning> {
  const { stack, settings } = release;
  const [services, secrets, configs, records] = await Promise.all([
    swarm.readServices(stack),
    swarm.readObjects('secret'),
    swarm.readObjects('config'),
    swarm.readRecords(stack),
  ]);
  const releases = planPruneReleases(records, settings.RELEASES_KEEP);
  const going = new Set(releases.filter(isGoing).map(({ head }) => head));
  const namings = namingsOf(
    services,
    records.filter((record) => !going.has(record)),
  );
  const fates = Object.entries({ secret: secrets, config: configs }).flatMap(([kind, all]) => {
    const ours = all.filter(({ labels }) => labels[STACK_LABEL] === stack);
    const planned = planPrune(ours, namings, settings.SECRET_KEEP_VERSIONS);
    return planned.map((fate) => ({ ...fate, kind: kind as ObjectKind }));
  });
  return { objects: fates, releases, records };
}

const isGoing = ({ why }: Pick<Fate, 'why'>) => why === undefined;

/** Every spec that somebody may want to come back to; what is alive last, for it is what is told. */
function namingsOf(services: readonly SwarmService[], records: readonly SwarmRecord[]): readonly Naming[] {
  return [
    ...parseReleases(records).flatMap(({ number, services: specs }) =>
      specs.map((spec) => ({ by: `release r${number}`, spec })),
    ),
    ...findInterruptions(records).flatMap(({ intent: { id, before, objects } }) => {
      const by = `the interrupted deploy ${id}`;
      const made = { by, names: objects.map(({ name }) => name) };
      return [...before.services.map(({ spec }) => ({ by, spec })), made];
    }),
    ...services.map(({ name, previousSpec: spec }) => ({ by: `the previous spec of ${name}`, spec })),
    ...services.map(({ name, spec }) => ({ by: `the service ${name}`, spec })),
  ];
}

export async function prune({ tools }: Restoring, { objects, releases, records }: Pruning): Promise<void> {
  const { swarm, log } = tools;
  // A release goes before the versions that it alone names, and the oldest first: an audit takes a gap for tampering.
  for (const { head } of releases.filter(isGoing)) await removeStored(swarm, head, records);
  await allOf(
    orphansOf(records).map(({ id }) => swarm.removeRecord(id)),
    'DEPLOY_FAILED',
  );
  const removing = objects.filter(isGoing).map(async ({ kind, name }) => {
    await swarm.removeObject(kind, name);
    log.info(`removed the ${kind} ${name}`);
  });
  await allOf(removing, 'DEPLOY_FAILED');
}

import * as z from 'zod';
import { DeployError } from '../../shared/errors.ts';
import type { Labels } from '../../shared/service-spec.ts';
import type { SwarmRecord } from '../../shared/swarm.ts';
import { RECORD_LABEL } from '../labels.ts';

/** Who holds the lock of a stack. */
export interface Holder {
  /** Of this run and no other. */
  readonly id: string;
  /** `ada@laptop`, or where to look at the CI run. */
  readonly who: string;
  /** ISO 8601, by the holder's own clock: only ever shown. */
  readonly since: string;
  /** `deploy v3_20261121212524`, or the reason that a person gave. */
  readonly what: string;
  /** A person holds it until it is given back; a run only as long as it shows a sign of life. */
  readonly isPerson: boolean;
}

const HOLDER = 'com.waggle.holder';
const WHO = 'com.waggle.who';
const SINCE = 'com.waggle.since';
const WHAT = 'com.waggle.what';
const PERSON = 'com.waggle.person';
const BEAT = 'com.waggle.beat';
/** The id of the run whose commands on a manager may change the stack; '' if none may. Their scripts read it. */
export const FENCE_LABEL = 'com.waggle.fence';

/** In place of a sign of life: it is being taken away from who has it. */
export const TAKEN_AWAY = -1;

export const lockName = (stack: string) => `${stack}.waggle.lock`;

/** `beat`: another number each time that the holder shows a sign of life. `fence`: the value of the label for scripts. */
export function renderLock(stack: string, holder: Holder, beat: number, fence = holder.id): Labels {
  return {
    [RECORD_LABEL]: stack,
    [HOLDER]: holder.id,
    [WHO]: holder.who,
    [SINCE]: holder.since,
    [WHAT]: holder.what,
    [PERSON]: String(holder.isPerson),
    [BEAT]: String(beat),
    [FENCE_LABEL]: beat === TAKEN_AWAY ? '' : fence,
  };
}

const lockSchema = z.looseObject({
  [HOLDER]: z.string().min(1),
  [WHO]: z.string(),
  [SINCE]: z.string(),
  [WHAT]: z.string(),
  [PERSON]: z.enum(['true', 'false']),
  [BEAT]: z.string(),
});

/** The lock has one name; what a label says of another config does not count. */
export const findLock = (records: readonly SwarmRecord[]): SwarmRecord | undefined =>
  records.find(({ name, labels }) => name === lockName(labels[RECORD_LABEL] ?? ''));

/** `undefined` of a config that has the name of the lock, and not its labels. */
export function findHolder({ labels }: Pick<SwarmRecord, 'labels'>): Holder | undefined {
  const { data } = lockSchema.safeParse(labels);
  return (
    data && {
      id: data[HOLDER],
      who: data[WHO],
      since: data[SINCE],
      what: data[WHAT],
      isPerson: data[PERSON] === 'true',
    }
  );
}

/** Throws LOCKED of what is no lock. */
export function parseLock(record: Pick<SwarmRecord, 'name' | 'labels'>): Holder {
  const holder = findHolder(record);
  if (!holder) throw notALock(record.name);
  return holder;
}

export function notALock(name: string): DeployError {
  return new DeployError('LOCKED', `${name}, a config that Waggle did not write has the name of the lock`, {
    hint: `look at it with \`docker config inspect ${name}\`; \`docker config rm ${name}\` if nobody needs it`,
  });
}

/** This run has it, and nobody is taking it away. */
export const isHeldBy = (labels: Labels, { id }: Holder) =>
  labels[HOLDER] === id && labels[BEAT] !== String(TAKEN_AWAY);

export function describeHolder({ who, since, what }: Holder): string {
  return `${who}, since ${since}: ${what}`;
}

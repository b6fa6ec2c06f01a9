import type { Labels } from '../../shared/service-spec.ts';
import { KIND_LABEL, RECORD_LABEL } from '../labels.ts';

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

export const lockName = (stack: string) => `${stack}.waggle.lock`;

/** `beat`: another number each time that the holder shows a sign of life. */
export function renderLock(stack: string, holder: Holder, beat: number): Labels {
  return {
    [RECORD_LABEL]: stack,
    [KIND_LABEL]: 'lock',
    [HOLDER]: holder.id,
    [WHO]: holder.who,
    [SINCE]: holder.since,
    [WHAT]: holder.what,
    [PERSON]: String(holder.isPerson),
    [BEAT]: String(beat),
  };
}

export function parseLock(labels: Labels): Holder {
  return {
    id: labels[HOLDER] ?? '',
    who: labels[WHO] ?? 'somebody',
    since: labels[SINCE] ?? 'some time ago',
    what: labels[WHAT] ?? '',
    isPerson: labels[PERSON] === 'true',
  };
}

/** In place of a sign of life: it is being taken away from who has it. */
export const TAKEN_AWAY = -1;

/** This run has it, and nobody is taking it away. */
export const isHeldBy = (labels: Labels, { id }: Holder) =>
  labels[HOLDER] === id && labels[BEAT] !== String(TAKEN_AWAY);

export function describeHolder({ who, since, what }: Holder): string {
  return `${who}, since ${since}: ${what}`;
}

import type { ServiceSpec } from '../../shared/service-spec.ts';
import type { SwarmService } from '../../shared/swarm.ts';
import type { ClusterFacts } from '../changes/facts.ts';
import { PHASE_LABEL } from '../labels.ts';
import type { PlacementRequest } from '../placement/judge-placement.ts';
import type { VersionedObject } from '../release/release.ts';

/** The stack as it runs, and what its deploy folder holds now. */
export interface RunningStack {
  readonly stack: string;
  readonly facts: ClusterFacts;
  readonly objects: readonly VersionedObject[];
}

/** What runs, with something changed. */
export interface PushPlan {
  /** Of every service. */
  readonly specs: readonly ServiceSpec[];
  readonly placements: readonly PlacementRequest[];
  /** What is another, in a few words: for the history. */
  readonly note: string;
  /** Secrets and configs that are made for it. */
  readonly objects: readonly VersionedObject[];
}

/** What keeps a change from being made, a line each. */
export type Refusals = readonly string[];

/** What becomes of a service, and how many of its tasks begin and end for it. */
export interface ServiceEdit {
  /** As the cluster names it. */
  readonly name: string;
  readonly spec: ServiceSpec;
  readonly starts: number;
  readonly stops: number;
}

/** Jobs of the release phase are no part of what runs. */
export const partsOf = ({ facts }: Pick<RunningStack, 'facts'>): readonly SwarmService[] =>
  facts.services.filter(({ spec }) => !spec.Labels?.[PHASE_LABEL]);

/** The whole stack, of which only these services are another. */
export function planPush(
  running: RunningStack,
  edits: readonly ServiceEdit[],
): Pick<PushPlan, 'specs' | 'placements'> {
  const all = partsOf(running).map(
    ({ name, spec }) => edits.find((edit) => edit.name === name) ?? { name, spec, starts: 0, stops: 0 },
  );
  return {
    specs: all.map(({ spec }) => spec),
    placements: all.map((edit) => planPlacing(running.stack, edit)),
  };
}

function planPlacing(stack: string, { name, spec, starts, stops }: ServiceEdit): PlacementRequest {
  const action = starts + stops === 0 ? 'nothing' : starts > 0 && stops > 0 ? 'restart' : 'update';
  const change = {
    name: name.slice(stack.length + 1),
    action,
    starts,
    stops,
    fields: [],
    notes: [],
  } as const;
  return { change, spec, platforms: [] };
}

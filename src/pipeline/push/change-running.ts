import { describeUnplaceable, judgePlacement } from '../../plan/placement/judge-placement.ts';
import type { PushPlan, Refusals } from '../../plan/pushes/push-plan.ts';
import { readRunning } from '../../plan/records/find-release.ts';
import { DeployError } from '../../shared/errors.ts';
import type { RunContext } from '../run-context.ts';
import type { DesiredState } from './desired-state.ts';
import { type PushContext, type PushOptions, pushForward } from './push-forward.ts';

export interface RunningChange
  extends Pick<PushOptions, 'target' | 'isPatient' | 'onInterrupted' | 'mayReplace'> {
  /** `scale`, `restart`. */
  readonly verb: string;
  /** As the command line gave them. */
  readonly words: readonly string[];
  /** `undefined`: there is nothing to do. */
  plan(words: readonly string[], push: PushContext): PushPlan | Refusals | undefined;
  /** The services that the words name. */
  namesOf?(words: readonly string[]): readonly string[];
  /** Secrets and configs that must exist. */
  readonly objects?: readonly string[];
}

/** Makes a release of what runs, with something changed: another number of tasks, new ones, a new secret. */
export async function changeRunning(
  context: RunContext,
  { verb, words, plan, namesOf = () => [], ...options }: RunningChange,
): Promise<void> {
  await pushForward(context, {
    ...options,
    what: [verb, ...words].join(' '),
    services: namesOf(words),
    async resolveDesired(push) {
      const planned = plan(words, push);
      if (!planned) return undefined;
      if (!('specs' in planned)) throw refuse(verb, planned);
      return requireRoom(push, planned, verb);
    },
  });
}

function requireRoom({ stack, facts }: PushContext, planned: PushPlan, verb: string): DesiredState {
  const of = readRunning(facts.records);
  if (!of) throw refuse(verb, [`no release of ${stack} is on record: \`waggle deploy\` makes one`]);
  const { placements, ...pushed } = planned;
  const unplaceable = judgePlacement(placements, facts, stack).flatMap(describeUnplaceable);
  if (unplaceable.length > 0) throw refuse(verb, unplaceable);
  return { ...pushed, of, isRollback: false, note: `${verb} ${pushed.note}` };
}

function refuse(verb: string, details: readonly string[]): DeployError {
  return new DeployError('PREFLIGHT_FAILED', `cannot ${verb}`, {
    details,
    hint: 'nothing was changed; `waggle status` shows the running services',
  });
}

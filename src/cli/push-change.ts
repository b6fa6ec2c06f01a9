import type { World } from '../pipeline/world.ts';
import type { PushPlan, Refusals, Running } from '../plan/pushes/push-plan.ts';
import { flagValue, type Given, readOnInterrupted } from './command.ts';

/** What `scale`, `restart` and `secrets rotate` do: a release of what runs, with something changed. */
export interface PushedChange {
  readonly verb: string;
  readonly words: readonly string[];
  plan(words: readonly string[], running: Running): PushPlan | Refusals | undefined;
  /** The services that the words name. */
  namesOf?(words: readonly string[]): readonly string[];
  /** Secrets and configs that must exist. */
  readonly objects?: readonly string[];
}

/** With the flags that every command has which changes a stack. */
export async function pushChange(world: World, given: Given, change: PushedChange): Promise<void> {
  const { changeRunning } = await import('../pipeline/push/change-running.ts');
  await changeRunning(world, {
    ...change,
    target: flagValue(given, 'env'),
    isPatient: given.flags.wait === true,
    onInterrupted: readOnInterrupted(given),
    mayReplace: given.flags['allow-replace'] === true,
  });
}

import type { RunContext } from '../pipeline/run-context.ts';
import type { PushPlan, Refusals, RunningStack } from '../plan/pushes/push-plan.ts';
import { type CommandLine, flagValue, readOnInterrupted } from './command.ts';

/** What `scale`, `restart` and `secrets rotate` do: a release of what runs, with something changed. */
export interface PushedChange {
  readonly verb: string;
  readonly words: readonly string[];
  plan(words: readonly string[], running: RunningStack): PushPlan | Refusals | undefined;
  /** The services that the words name. */
  namesOf?(words: readonly string[]): readonly string[];
  /** Secrets and configs that must exist. */
  readonly objects?: readonly string[];
}

/** With the flags that every command has which changes a stack. */
export async function pushChange(
  context: RunContext,
  given: CommandLine,
  change: PushedChange,
): Promise<void> {
  const { changeRunning } = await import('../pipeline/push/change-running.ts');
  await changeRunning(context, {
    ...change,
    target: flagValue(given, 'env'),
    isPatient: given.flags.wait === true,
    onInterrupted: readOnInterrupted(given),
    mayReplace: given.flags['allow-replace'] === true,
  });
}

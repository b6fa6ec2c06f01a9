import type { Holder } from '../../plan/records/lock.ts';
import { removeLeftOver } from '../../shared/private-folder.ts';
import { TimeLimit } from '../../shared/time-limit.ts';
import type { Tools } from '../../shared/tools.ts';
import type { RunContext } from '../run-context.ts';
import { timed } from '../run-steps.ts';
import { fence } from './fence.ts';
import { newHolder } from './new-holder.ts';
import { takeLock } from './take-lock.ts';

/** Tells programs of this run, such as hooks, the id that holds the lock. */
const PARENT = 'WAGGLE_LOCK';

export interface LockOptions {
  readonly stack: string;
  /** What it is taken for, for others to read. */
  readonly what: string;
  /** Wait until it is free, instead of failing with LOCKED. */
  readonly isPatient?: boolean;
}

/** Takes the lock of the stack, and gives it back. The tools that `use` gets change nothing once it is lost. */
export async function underLock<Result>(
  { environment }: Pick<RunContext, 'environment'>,
  tools: Tools,
  { stack, what, isPatient = false }: LockOptions,
  use: (held: Tools, holder: Holder) => Promise<Result>,
): Promise<Result> {
  // Also for runs that build nothing: remove what an interrupted run left on this machine.
  await removeLeftOver();
  const holder = newHolder(environment, what);
  await using lease = await timed(tools.log, 'take the lock', () =>
    takeLock({ ...tools, stack, holder, isPatient, parent: environment[PARENT] }),
  );
  using _held = tools.cluster.holdLock(lease.recordId);
  const { lost } = lease;
  const answer = () => tools.log.warn('stopping: Waggle restores what this run has changed');
  tools.signal.addEventListener('abort', answer, { once: true });
  using stopping = new TimeLimit(Number.POSITIVE_INFINITY, tools.signal, lost);
  const local: Tools['local'] = (argv, options) =>
    tools.local(argv, { ...options, env: { ...options?.env, [PARENT]: holder.id } });
  const held = { ...tools, local, lost, signal: stopping.signal };
  try {
    return await use(
      fence({ ...held, fenceCommands: () => lease.fenceCommands() }, () => lease.confirm()),
      holder,
    );
  } finally {
    tools.signal.removeEventListener('abort', answer);
  }
}

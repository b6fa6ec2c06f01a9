import { isDeepStrictEqual } from 'node:util';
import { DeployError, type FailureCode } from './errors.ts';

/**
 * Waits until all have ended, whatever became of each. One failure is thrown as it is, however often it came; several are told together,
 * in a failure of the given code. A bug is thrown before any of them, and then that the lock was lost: nothing else counts.
 */
export async function settleAll<T>(work: readonly Promise<T>[], code: FailureCode): Promise<T[]> {
  const results = await Promise.allSettled(work);
  const failures: unknown[] = results
    .filter((result) => result.status === 'rejected')
    .map(({ reason }) => reason);
  if (failures.length === 0) return results.map((result) => (result as PromiseFulfilledResult<T>).value);
  const known = failures.filter((failure) => failure instanceof DeployError);
  if (known.length < failures.length) throw failures.find((failure) => !(failure instanceof DeployError));
  const lost = known.find(({ code: its }) => its === 'LOCK_LOST');
  const different = known.filter((one, at) => known.findIndex((other) => isSame(one, other)) === at);
  if (lost || different.length === 1) throw lost ?? different[0];
  throw new DeployError(code, `${different.length} errors`, {
    details: different.flatMap(describeFailure),
    cause: known[0],
  });
}

/** One cause fails all that need the same thing. */
const isSame = (one: DeployError, other: DeployError) =>
  one.code === other.code && isDeepStrictEqual(describeFailure(one), describeFailure(other));

/** In lines: the message, below it what was seen and what to do. */
export function describeFailure({ message, details, hint }: DeployError): string[] {
  return [message, ...[...details, ...(hint ? [`what to do: ${hint}`] : [])].map((line) => `  ${line}`)];
}

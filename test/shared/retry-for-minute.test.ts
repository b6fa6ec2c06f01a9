import { expect, test } from 'vitest';
import { DeployError } from '../../src/shared/errors.ts';
import { retryForMinute } from '../../src/shared/retry-for-minute.ts';

/** Fails once, and says what was told of it. */
async function failOnce(stop?: AbortController): Promise<{ told: number; outcome: unknown }> {
  let told = 0;
  let asked = 0;
  const attempt = async () => {
    stop?.abort(new Error('stopped'));
    if (asked++ === 0) throw new Error('no answer');
    return 'answer';
  };
  const onFirstFailure = () => told++;
  const outcome = await retryForMinute(attempt, {
    onFirstFailure,
    ...(stop && { signal: stop.signal }),
  }).catch((error: Error) => error.message);
  return { told, outcome };
}

test('a failure is told once, and asked again', async () => {
  expect(await failOnce()).toEqual({ told: 1, outcome: 'answer' });
});

test('what fails because the run was stopped is no failure to tell', async () => {
  expect(await failOnce(new AbortController())).toEqual({ told: 0, outcome: 'stopped' });
});

test('a lock that is lost does not come back by waiting', async () => {
  let asked = 0;
  const attempt = async () => {
    asked++;
    throw new DeployError('LOCK_LOST', 'it was taken');
  };
  await expect(retryForMinute(attempt, { onFirstFailure: () => {} })).rejects.toThrow('it was taken');
  expect(asked).toBe(1);
});

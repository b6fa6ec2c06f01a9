import { expect, test } from 'vitest';
import { patiently } from '../../src/shared/patiently.ts';

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
  const outcome = await patiently(attempt, { onFirstFailure, ...(stop && { signal: stop.signal }) }).catch(
    (error: Error) => error.message,
  );
  return { told, outcome };
}

test('a failure is told once, and asked again', async () => {
  expect(await failOnce()).toEqual({ told: 1, outcome: 'answer' });
});

test('what fails because the run was stopped is no failure to tell', async () => {
  expect(await failOnce(new AbortController())).toEqual({ told: 0, outcome: 'stopped' });
});

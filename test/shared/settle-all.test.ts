import { expect, test } from 'vitest';
import { DeployError } from '../../src/shared/errors.ts';
import { settleAll } from '../../src/shared/settle-all.ts';

const refused = new DeployError('DEPLOY_FAILED', 'refused', { details: ['why'], hint: 'do it' });
const other = new DeployError('UNREACHABLE', 'no answer');
const lost = new DeployError('LOCK_LOST', 'it was taken');
const bug = new Error('a bug');

test.each([
  [
    'one that came twice, once',
    [other, new DeployError('UNREACHABLE', 'no answer')],
    'UNREACHABLE',
    'no answer',
    [],
  ],
  ['one, as it is', [refused], 'DEPLOY_FAILED', 'refused', ['why']],
  [
    'several, together',
    [refused, other],
    'RESTORE_FAILED',
    '2 errors',
    ['refused', '  why', '  what to do: do it', 'no answer'],
  ],
  ['a lock that is lost before any other', [refused, lost], 'LOCK_LOST', 'it was taken', []],
  ['a bug before that', [refused, lost, bug], undefined, 'a bug', undefined],
])('failures are told: %s', async (_what, failures, code, message, details) => {
  const work = failures.map((failure) => Promise.reject(failure));
  const thrown = await settleAll([...work, Promise.resolve()], 'RESTORE_FAILED').catch((error) => error);
  expect([thrown.code, thrown.message, thrown.details]).toEqual([code, message, details]);
});

test('without a failure each result is given', async () => {
  expect(await settleAll([Promise.resolve(1), Promise.resolve(2)], 'DEPLOY_FAILED')).toEqual([1, 2]);
});

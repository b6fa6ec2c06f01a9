import { expect, test } from 'vitest';
import type { HealthAnswer } from '../../src/shared/swarm.ts';
import { describeHealth } from '../../src/swarm/describe-health.ts';
import { task } from '../fakes/swarm.ts';

const spec = { Name: 'a', TaskTemplate: { ContainerSpec: { Healthcheck: { Test: ['CMD', 'ask'] } } } };
const said = (...outputs: readonly string[]): readonly HealthAnswer[] =>
  outputs.map((output) => ({ exitCode: output === 'well' ? 0 : 1, output }));
const told = (output: string) => `its healthcheck said (exit code 1): ${output}`;
const ended = (answers: readonly HealthAnswer[] | undefined, error = '') => ({
  task: task({ state: 'failed', containerId: 'c1', error }),
  ending: answers && { isOutOfMemory: false, answers },
});
const WHERE = expect.stringMatching(/^what its healthcheck said is known on m2: docker inspect .* c1$/);

test.each([
  ['the last three', [ended(said('a', 'b', 'c', 'd'))], [told('b'), told('c'), told('d')]],
  ['of those that were bad', [ended(said('a', 'well', 'b', 'well'))], [told('a'), told('b')]],
  ['the same once', [ended(said('refused', 'refused', 'refused'))], [told('refused')]],
  ['that it said nothing', [ended(said(''))], [told('nothing')]],
  ['of the first that has any', [ended(said('well')), ended(said('a')), ended(said('b'))], [told('a')]],
  ['not what was good', [ended(said('well'))], []],
  ['where to ask, when the node cannot be asked', [ended(undefined)], [WHERE]],
  ['of another, when one node cannot be asked', [ended(undefined), ended(said('a'))], [told('a')]],
  ['nothing, when none ended', [], []],
])('what a health check said: %s', (_what, all, expected) => {
  expect(describeHealth(spec, all, () => 'm2')).toEqual(expected);
});

test('of a service without one nothing is said, unless its image has one', () => {
  const describe = (answers: readonly HealthAnswer[] | undefined, error = '') =>
    describeHealth({ Name: 'a' }, [ended(answers, error)], () => 'm2');
  expect(describe(undefined)).toEqual([]);
  expect(describe(said('a'))).toEqual([told('a')]);
  expect(describe(undefined, 'task: non-zero exit (143): dockerexec: unhealthy container')).toEqual([WHERE]);
});

import { expect, test } from 'vitest';
import type { HealthAnswer } from '../../src/shared/swarm.ts';
import { readHealth } from '../../src/swarm/read-health.ts';
import { task } from '../fakes/swarm.ts';

const spec = { Name: 'a', TaskTemplate: { ContainerSpec: { Healthcheck: { Test: ['CMD', 'ask'] } } } };
const ended = [task({ state: 'failed', containerId: 'c1' })];
const said = (...outputs: readonly string[]): readonly HealthAnswer[] =>
  outputs.map((output) => ({ exitCode: output === 'well' ? 0 : 1, output }));
const told = (output: string) => `its healthcheck said (exit code 1): ${output}`;

test.each([
  ['the last three', said('a', 'b', 'c', 'd'), [told('b'), told('c'), told('d')]],
  ['of those that were bad', said('a', 'well', 'b', 'well'), [told('a'), told('b')]],
  ['the same once', said('refused', 'refused', 'refused'), [told('refused')]],
  ['that it said nothing', said(''), [told('nothing')]],
  [
    'where to ask, when all were good',
    said('well'),
    [expect.stringMatching(/^what its healthcheck said is known on m1: docker inspect .* c1$/)],
  ],
  [
    'where to ask, when another node has them',
    undefined,
    [expect.stringMatching(/^what its healthcheck said is known on m1/)],
  ],
])('what a health check said: %s', async (_what, answers, expected) => {
  const swarm = { readHealth: async () => answers };
  expect(await readHealth(swarm as never, spec, ended, () => 'm1')).toEqual(expected);
});

test('of a service without one nothing is said', async () => {
  expect(await readHealth({} as never, { Name: 'a' }, ended, () => 'm1')).toEqual([]);
});

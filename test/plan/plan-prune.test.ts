import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KEY_LABEL, planPrune } from '../../src/plan/plan-prune.ts';
import type { ServiceSpec, SwarmSecret } from '../../src/shared/swarm.ts';
import { service } from '../fakes/swarm.ts';

const secret = (key: string, time: number): SwarmSecret => ({
  name: `${key}_${time}`,
  labels: { [KEY_LABEL]: key },
  createdAt: `2026-01-01T00:00:${String(time).padStart(2, '0')}Z`,
});
const spec = (...names: string[]): ServiceSpec => ({
  Name: 's',
  TaskTemplate: { ContainerSpec: { Secrets: names.map((SecretName) => ({ SecretName })) } },
});

test('keeps the newest of each key', () => {
  const secrets = [secret('a', 1), secret('a', 3), secret('a', 2), secret('b', 1)];
  expect(planPrune(secrets, [], 2)).toEqual(['a_1']);
  expect(planPrune(secrets, [], 1)).toEqual(['a_2', 'a_1']);
});

test('keeps what a live or a previous spec names', () => {
  const secrets = [1, 2, 3, 4].map((time) => secret('a', time));
  expect(planPrune(secrets, [service('s', { spec: spec('a_1'), previousSpec: spec('a_2') })], 1)).toEqual([
    'a_3',
  ]);
});

test('whatever there is: never a named one, never one of the newest', () => {
  const times = fc.uniqueArray(fc.integer({ min: 0, max: 59 }), { maxLength: 12 });
  fc.assert(
    fc.property(
      times,
      fc.array(fc.integer({ min: 0, max: 59 })),
      fc.integer({ min: 1, max: 5 }),
      (all, live, keep) => {
        const pruned = planPrune(
          all.map((time) => secret('a', time)),
          [service('s', { spec: spec(...live.map((time) => `a_${time}`)) })],
          keep,
        );
        const newest = all.toSorted((x, y) => y - x).slice(0, keep);
        const mustStay = [...newest, ...live].map((time) => `a_${time}`);
        expect(pruned.filter((name) => mustStay.includes(name))).toEqual([]);
        expect(pruned.length).toBe(
          all.filter((time) => !newest.includes(time) && !live.includes(time)).length,
        );
      },
    ),
  );
});

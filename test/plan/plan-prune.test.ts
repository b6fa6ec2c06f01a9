import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KEY_LABEL } from '../../src/plan/labels.ts';
import { planPrune } from '../../src/plan/plan-prune.ts';
import type { ServiceSpec } from '../../src/shared/service-spec.ts';
import type { SwarmObject } from '../../src/shared/swarm.ts';

const secret = (key: string, time: number): SwarmObject => ({
  id: `id-${key}-${time}`,
  name: `${key}_${time}`,
  labels: { [KEY_LABEL]: key },
  createdAt: `2026-01-01T00:00:${String(time).padStart(2, '0')}Z`,
});
const spec = (...names: string[]): ServiceSpec => ({
  Name: 's',
  TaskTemplate: { ContainerSpec: { Secrets: names.map((SecretName) => ({ SecretName })) } },
});

const going = (...given: Parameters<typeof planPrune>) =>
  planPrune(...given).flatMap(({ name, why }) => (why === undefined ? [name] : []));

test('keeps the newest of each key', () => {
  const secrets = [secret('a', 1), secret('a', 3), secret('a', 2), secret('b', 1)];
  expect(going(secrets, [], 2)).toEqual(['a_1']);
  expect(going(secrets, [], 1)).toEqual(['a_2', 'a_1']);
});

test('keeps what something names, and says what', () => {
  const secrets = [1, 2, 3, 4, 5, 6].map((time) => secret('a', time));
  const namings = [
    { by: 'release r1', spec: spec('a_2') },
    { by: 'the service s', spec: spec('a_1') },
    { by: 'the previous spec of s', spec: undefined },
    { by: 'the interrupted deploy v5', names: ['a_5'] },
  ];
  expect(planPrune(secrets, namings, 1)).toEqual([
    { name: 'a_6', why: 'of the newest 1' },
    { name: 'a_5', why: 'the interrupted deploy v5 names it' },
    { name: 'a_4', why: undefined },
    { name: 'a_3', why: undefined },
    { name: 'a_2', why: 'release r1 names it' },
    { name: 'a_1', why: 'the service s names it' },
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
        const pruned = going(
          all.map((time) => secret('a', time)),
          [{ by: 'the service s', spec: spec(...live.map((time) => `a_${time}`)) }],
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

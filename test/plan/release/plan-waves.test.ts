import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { StackService } from '../../../src/config/stack-document.ts';
import { planEarlyWaves, planWaves } from '../../../src/plan/release/plan-waves.ts';
import { release } from '../../fakes/inputs.ts';

const job = (depends_on: readonly string[] = []): StackService => ({
  'x-waggle': { phase: 'release' },
  depends_on,
});
const needs = (...depends_on: readonly string[]): StackService => ({ depends_on });
const wavesOf = (services: Readonly<Record<string, StackService>>, live: readonly string[] = []) =>
  planWaves({ services }, (name) => live.includes(name)).map((names) => names.join(' '));

describe('waves', () => {
  test.each([
    ['one, when nothing waits', { a: {}, b: {} }, [], ['a b']],
    [
      'what is needed first',
      { web: needs('api'), api: needs('db', 'cache'), db: {}, cache: {} },
      [],
      ['db cache', 'api', 'web'],
    ],
    [
      'conditions of either form',
      { web: { depends_on: { db: { condition: 'service_healthy' }, x: null } }, db: {} },
      [],
      ['db', 'web'],
    ],
    ['release jobs before all', { api: {}, migrate: job(), db: {} }, [], ['migrate', 'api db']],
    [
      'what a job needs before it, on a first deploy',
      { api: needs('migrate'), migrate: job(['db']), db: {} },
      [],
      ['db', 'migrate', 'api'],
    ],
    [
      'what a job needs and is there, after it',
      { api: {}, migrate: job(['db']), db: {} },
      ['db'],
      ['migrate', 'api db'],
    ],
    [
      'jobs in their own order',
      { seed: job(['migrate']), migrate: job(), api: {} },
      [],
      ['migrate', 'seed', 'api'],
    ],
  ] as const)('%s', (_what, services, live, expected) => {
    expect(wavesOf(services, live)).toEqual(expected);
  });

  /** Services that depend only on those before them, some of them jobs, some of them there already. */
  const graph = fc.array(
    fc.record({ needs: fc.array(fc.nat(20)), isJob: fc.boolean(), isLive: fc.boolean() }),
    { minLength: 1, maxLength: 12 },
  );
  test('have every service once, after what it needs; jobs before all that is there', () => {
    const check = (nodes: readonly { needs: number[]; isJob: boolean; isLive: boolean }[]) => {
      const named = nodes.map((node, at) => ({
        ...node,
        name: `s${at}`,
        needs: node.needs.filter((one) => one < at),
      }));
      const services = Object.fromEntries(
        named.map(({ name, needs, isJob }) => {
          const depends_on = needs.map((one) => `s${one}`);
          return [name, isJob ? job(depends_on) : { depends_on }];
        }),
      );
      const live = named.filter(({ isLive, isJob }) => isLive && !isJob).map(({ name }) => name);
      const waves = planWaves({ services }, (name) => live.includes(name));
      expect(waves.flat().sort()).toEqual(Object.keys(services).sort());
      const waveOf = (name: string) => waves.findIndex((names) => names.includes(name));
      for (const { name, needs, isJob } of named) {
        const missing = needs.map((one) => `s${one}`).filter((one) => !live.includes(one));
        for (const one of missing) expect(waveOf(one)).toBeLessThan(waveOf(name));
        if (isJob) for (const one of live) expect(waveOf(name)).toBeLessThan(waveOf(one));
      }
    };
    fc.assert(fc.property(graph, check));
  });

  test('the last one is the whole stack, and needs no file of its own', () => {
    expect(planEarlyWaves({ services: { a: {}, b: needs('a') } }, () => false)).toEqual([['a']]);
    expect(planEarlyWaves({ services: { migrate: job() } }, () => false)).toEqual([['migrate']]);
  });
});

test.each([
  ['circular-dependency', { a: needs('b'), b: needs('a'), c: {} }, [['c'], ['a', 'b']]],
  ['circular-dependency', { a: needs('a') }, [['a']]],
])('%s, silenced: services of a circle start together, after the rest', (_rule, services, waves) => {
  expect(planWaves({ services }, () => false)).toEqual(waves);
});

test.each([
  ['circular-dependency', 'depends_on: [b] }\n  b: { image: "x:1", depends_on: [a] }'],
  [
    'endless-dependency',
    'depends_on: { b: { condition: service_completed_successfully } } }\n  b: { image: "x:1" }',
  ],
])('%s is silenced by a comment', (rule, services) => {
  expect(() => release({}, stack(services))).toThrow(
    expect.objectContaining({ details: [expect.stringContaining(`[${rule}]`)] }),
  );
  expect(release({}, `# waggle-ignore ${rule}\n${stack(services)}`).services).toHaveLength(2);
});

const stack = (services: string) => `services:\n  a: { image: "x:1", ${services}\n`;

test.each([
  ['depends_on: [a] }', 'services.a.depends_on goes round in a circle: a'],
  [
    'depends_on: [b] }\n  b: { image: "x:1", depends_on: [a] }',
    'services.a.depends_on goes round in a circle: a, b',
  ],
  [
    'depends_on: { b: { condition: service_completed_successfully } } }\n  b: { image: "x:1" }',
    'services.a.depends_on waits for b to end, which is to run on',
  ],
  ['depends_on: { b: { condition: soon } } }', 'must be service_started or service_healthy or'],
  ['x-waggle: { phase: realease } }', 'services.a.x-waggle.phase must be release'],
  ['x-waggle: { fase: release } }', 'services.a.x-waggle.fase is not a key'],
  ['x-waggle: { phase: release }, deploy: { mode: global } }', 'leave out its deploy.mode'],
])('%s is refused', (services, expected) => {
  const said = () => release({}, stack(services));
  expect(said).toThrow(
    expect.objectContaining({ details: expect.arrayContaining([expect.stringContaining(expected)]) }),
  );
});

test('a job of the release phase is a job that is begun once', () => {
  const { document } = release({}, stack('x-waggle: { phase: release } }'));
  expect(document.services?.a?.deploy).toEqual({
    mode: 'replicated-job',
    restart_policy: { condition: 'none' },
  });
});

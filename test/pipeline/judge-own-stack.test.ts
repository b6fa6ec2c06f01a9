import { describe, expect, test } from 'vitest';
import { judgeOwnStack } from '../../src/pipeline/judge-own-stack.ts';
import type { DeploymentPlan } from '../../src/plan/changes/deployment-plan.ts';
import { type ReleaseRecord, renderRelease } from '../../src/plan/records/release-record.ts';
import { releaseRecord, storedAs } from '../fakes/records.ts';
import { service } from '../fakes/swarm.ts';

const OURS = { roots: ['aaa'], remotes: ['https://git.lab/shop'] };

type Action = DeploymentPlan['changes']['services'][number]['action'];
const planOf = (actions: Readonly<Record<string, Action>>) => ({
  changes: {
    services: Object.entries(actions).map(([name, action]) => ({
      ...{ name, action, fields: [], stops: 0, starts: 0, notes: [] },
    })),
    objects: [],
    networks: [],
  },
});
const recordsOf = (...releases: readonly Partial<ReleaseRecord>[]) =>
  releases.flatMap((change, at) => storedAs(renderRelease(releaseRecord(at + 1, change))));

describe('the last release is from another checkout', () => {
  const judge = (...projects: readonly ReleaseRecord['project'][]) =>
    judgeOwnStack(
      'shop',
      OURS,
      { records: recordsOf(...projects.map((project) => ({ project }))), services: [service('shop_api')] },
      planOf({ api: 'update' }),
    );

  test.each([
    ['with another root and another remote', { roots: ['bbb'], remotes: ['https://git.lab/other'] }],
    ['with another root, and no remote is known', { roots: ['bbb'], remotes: [] }],
    ['which is shallow, and has another remote', { roots: [], remotes: ['https://git.lab/other'] }],
  ])('%s: refused', (_title, project) => {
    expect(judge(project)).toMatchObject({
      code: 'WRONG_STACK',
      details: [expect.stringContaining('r1, by ada@laptop'), expect.stringContaining('git.lab/shop')],
      hint: expect.stringContaining('--allow-replace'),
    });
  });

  test.each([
    ['of the same', OURS],
    ['of a fork', { roots: ['aaa'], remotes: ['https://git.lab/fork'] }],
    ['of a repository that was moved', { roots: ['aaa'], remotes: ['https://elsewhere.lab/shop'] }],
    ['whose history was rewritten', { roots: ['ccc'], remotes: ['https://git.lab/shop'] }],
    ['with one remote more', { roots: [], remotes: ['https://git.lab/fork', 'https://git.lab/shop'] }],
    ['that is shallow and has no remote', { roots: [], remotes: [] }],
    ['into which another history was merged', { roots: ['aaa', 'bbb'], remotes: [] }],
    ['of which an earlier Waggle kept nothing', undefined],
  ])('%s: not refused', (_title, project) => expect(judge(project)).toBeUndefined());

  test('the newest that is known counts', () => {
    const other = { roots: ['bbb'], remotes: [] };
    expect(judge(OURS, other, undefined)).toMatchObject({ code: 'WRONG_STACK' });
    expect(judge(other, OURS, undefined)).toBeUndefined();
  });

  test('one that never ran does not count, nor does any where nothing runs', () => {
    const project = { roots: ['bbb'], remotes: [] };
    const failed = recordsOf({ project, result: 'UNHEALTHY' });
    const ran = recordsOf({ project });
    const plan = planOf({ api: 'create' });
    expect(judgeOwnStack('shop', OURS, { records: failed, services: [service('shop_api')] }, plan)).toBe(
      undefined,
    );
    expect(judgeOwnStack('shop', OURS, { records: ran, services: [] }, plan)).toBe(undefined);
  });
});

describe('of the services that run', () => {
  const judge = (live: readonly string[], actions: Readonly<Record<string, Action>>) =>
    judgeOwnStack(
      'shop',
      OURS,
      { records: [], services: live.map((name) => service(name)) },
      planOf(actions),
    );

  test.each<[string, readonly string[], Readonly<Record<string, Action>>]>([
    ['all are removed', ['shop_a', 'shop_b'], { a: 'remove', b: 'remove', c: 'create' }],
    ['the only one is removed', ['shop_a'], { a: 'remove', b: 'create' }],
  ])('%s: refused, and each is named', (_title, live, actions) => {
    const details = live.map((name) => name.replace('shop_', ''));
    expect(judge(live, actions)).toMatchObject({ code: 'WRONG_STACK', details });
  });

  test.each<[string, readonly string[], Readonly<Record<string, Action>>]>([
    ['there is none', [], { a: 'create' }],
    ['one stays', ['shop_a', 'shop_b'], { a: 'remove', b: 'nothing' }],
    ['one is made again', ['shop_a', 'shop_b'], { a: 'remove', b: 'recreate' }],
  ])('%s: not refused', (_title, live, actions) => expect(judge(live, actions)).toBeUndefined());
});

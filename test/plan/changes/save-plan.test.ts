import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { planDeployment } from '../../../src/plan/changes/deployment-plan.ts';
import { describeInputs, judgeMoved, obstaclesOf, savePlan } from '../../../src/plan/changes/save-plan.ts';
import { savedPlanSchema } from '../../../src/plan/changes/saved-plan.ts';
import { gitFacts, release } from '../../fakes/inputs.ts';
import { facts, network, service } from '../../fakes/swarm.ts';

const STACK =
  'services: { web: { image: "web:1", secrets: [pw], environment: { A_TOKEN: "hunter2-env" } } }\nsecrets: { pw: { file: pw } }\n';
const given = { objects: { pw: 'hunter2-pw' } };
const hook = (digest: string) => ({ name: 'pre-deploy', isExecutable: true, digest });
const IMAGES = { 'web:1': { digest: 'sha256:aa', platforms: ['linux/amd64'] } };
const CLUSTER = facts({ services: [service('shop_old', { version: 7 })] });
const one = release({}, STACK, given);
const saved = savePlan(one, CLUSTER, planDeployment(one, CLUSTER, IMAGES), {
  inputs: 'fingerprint',
  clusterId: 'cluster-1',
});

test('is what the schema and docs/reference/plan-json.md say, and holds no secret', () => {
  expect(savedPlanSchema.parse(JSON.parse(JSON.stringify(saved)))).toEqual(JSON.parse(JSON.stringify(saved)));
  expect(JSON.stringify(saved)).not.toContain('hunter2');
  const [, example = ''] =
    /```json\n([\s\S]*?)```/.exec(readFileSync('docs/reference/plan-json.md', 'utf8')) ?? [];
  const documented = savedPlanSchema.parse(JSON.parse(example));
  expect(Object.keys(documented)).toEqual(Object.keys(savedPlanSchema.shape));
});

test.each([
  ['nothing', {}, []],
  [
    'a service that was changed',
    { services: [service('shop_old', { version: 8 })] },
    ['shop_old was changed'],
  ],
  ['a service that was removed', { services: [] }, ['shop_old was removed']],
  [
    'a service that was created',
    { services: [...CLUSTER.services, service('shop_web')] },
    ['shop_web was created'],
  ],
  [
    'a network that was made',
    { networks: [network('shop_default')] },
    [expect.stringContaining('something else than was planned')],
  ],
])('moved: %s', (_what, change, expected) => {
  const now = { ...CLUSTER, ...change };
  expect(judgeMoved(saved, now, planDeployment(one, now, IMAGES))).toEqual(expected);
});

test('the fingerprint is of everything that decides, and not of switches that do not', () => {
  const inputs = describeInputs(one);
  expect(
    describeInputs(
      release(
        {
          environment: { SKIP_HEALTHCHECK: '1', PATH: '/x', DEPLOY_TAG: 'abc1234', NOTIFY_GITHUB_TOKEN: 't' },
        },
        STACK,
        given,
      ),
    ),
  ).toBe(inputs);
  expect(describeInputs(release({ base: '/elsewhere' } as never, STACK, given))).toBe(inputs);
  const others = [
    release({ git: gitFacts({ dirty: true }) }, STACK, given),
    release({}, STACK.replace('hunter2-env', 'hunter3-env'), given),
    release({}, STACK, { objects: { pw: 'hunter3-pw' } }),
    release({ environment: { SECRET_REUSE: 'false' } }, STACK, given),
    release({}, STACK.replace('web:1', 'web:2'), given),
    release({ hooks: [hook('aa')] }, STACK, given),
  ];
  for (const other of others) expect(describeInputs(other)).not.toBe(inputs);
  const hooked = (digest: string) => describeInputs(release({ hooks: [hook(digest)] }, STACK, given));
  expect(hooked('aa')).not.toBe(hooked('bb'));
});

test('what keeps a plan from being deployed', () => {
  const text =
    'services: { web: { image: "web:1", networks: [n1], deploy: { placement: { constraints: [node.role == worker] } } } }\nnetworks: { n1: { external: true, name: there } }\n';
  const blocked = release({}, text, { objects: {} });
  expect(obstaclesOf(planDeployment(blocked, facts(), IMAGES))).toEqual([
    'the network there is external and is not in the cluster: create it first',
    'web: 1 tasks are to be placed, there is room for 0',
    '  m1: does not meet node.role == worker',
  ]);
  const arm = { 'web:1': { digest: 'sha256:aa', platforms: ['linux/arm64'] } };
  expect(obstaclesOf(planDeployment(one, facts(), arm)).join()).toContain(
    'is linux/amd64, the image is for linux/arm64',
  );
});

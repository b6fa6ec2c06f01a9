import { expect, test } from 'vitest';
import { judgeDeployed, judgePruned } from '../../../src/plan/changes/judge-deployed.ts';
import { planSpecs } from '../../../src/plan/changes/plan-changes.ts';
import type { ServiceSpec } from '../../../src/shared/service-spec.ts';
import { release } from '../../fakes/inputs.ts';
import { facts, network, service } from '../../fakes/swarm.ts';

const STACK = `
services:
  db:
    image: postgres:17
    command: [postgres]
    environment: { PASSWORD: hunter2-never-shown }
    labels: { a: b }
    networks: [inner]
    configs: [settings]
    ports: ["80:8000"]
    healthcheck: { test: "true", start_interval: 1s }
    oom_score_adj: 3
    deploy: { replicas: 2 }
networks: { inner: {} }
configs: { settings: { external: true } }
`;
const planned = planSpecs(release({}, STACK, { objects: {} }), facts(), {}).get('db') as ServiceSpec;
const naming = { networks: [network('shop_inner')], templates: [] };
const { TaskTemplate = {} } = planned;
const { ContainerSpec = {} } = TaskTemplate;

/** As the engine stores it: with ids, and with what it fills in itself. */
const stored: ServiceSpec = {
  ...planned,
  Labels: { ...planned.Labels, 'com.docker.stack.image': 'postgres:17' },
  TaskTemplate: {
    ...TaskTemplate,
    ForceUpdate: 3,
    ContainerSpec: {
      ...ContainerSpec,
      Configs: ContainerSpec.Configs?.map((one) => ({ ...one, ConfigID: 'x' })) ?? [],
    },
    Networks: TaskTemplate.Networks?.map((one) => ({ ...one, Target: 'id-shop_inner' })) ?? [],
  },
};
const container = (change: object): ServiceSpec => ({
  ...stored,
  TaskTemplate: {
    ...stored.TaskTemplate,
    ContainerSpec: { ...stored.TaskTemplate?.ContainerSpec, ...change },
  } as NonNullable<ServiceSpec['TaskTemplate']>,
});
const { StartInterval: _, ...olderCheck } = ContainerSpec.Healthcheck as { StartInterval?: number };

test.each<[string, ServiceSpec, readonly string[]]>([
  ['as planned', stored, []],
  ['an older engine', container({ Healthcheck: olderCheck, OomScoreAdj: undefined }), []],
  ['another image', container({ Image: 'postgres:16' }), ['image']],
  ['an environment of before', container({ Env: ['PASSWORD=hunter1'] }), ['env PASSWORD']],
  ['no configs', container({ Configs: [] }), ['config settings']],
  ['another command and label', container({ Args: [], Labels: {} }), ['command', 'container label a']],
  ['another scale', { ...stored, Mode: { Replicated: { Replicas: 1 } } }, ['replicas']],
  ['another mode', { ...stored, Mode: { Global: {} } }, ['mode global', 'replicas']],
  ['no ports', { ...stored, EndpointSpec: { Mode: 'vip' } }, ['port 80:8000/tcp']],
])('a service with %s', (_what, spec, fields) => {
  const said = judgeDeployed([planned], [service('shop_db', { spec })], naming);
  expect(said).toEqual(fields.length === 0 ? [] : [`shop_db differs from the plan: ${fields.join(', ')}`]);
  expect(said.join()).not.toContain('hunter');
});

test('a service on another network', () => {
  const said = judgeDeployed([planned], [service('shop_db', { spec: stored })], {
    ...naming,
    networks: [network('shop_other')],
  });
  expect(said).toEqual(['shop_db differs from the plan: network id-shop_inner, network shop_inner']);
});

test('a service that was not made, one that was not removed, and one that Swarm has rolled back', () => {
  expect(judgeDeployed([planned], [], naming)).toEqual(['shop_db does not exist']);
  const update = { state: 'rollback_started', message: '' };
  const back = service('shop_db', { spec: container({ Image: 'postgres:16' }), update });
  expect(judgeDeployed([planned], [back], naming)).toEqual([]);
  expect(judgePruned([planned], [back, service('shop_old')])).toEqual([
    'shop_old still exists, and is not in the stack file',
  ]);
});

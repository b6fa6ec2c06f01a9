import { expect, test } from 'vitest';
import { PHASE_LABEL } from '../../../src/plan/labels.ts';
import { planRestart } from '../../../src/plan/pushes/plan-restart.ts';
import { planScale } from '../../../src/plan/pushes/plan-scale.ts';
import { facts, service } from '../../fakes/swarm.ts';

const api = service('shop_api', {
  wanted: 3,
  spec: { Name: 'shop_api', Mode: { Replicated: { Replicas: 3 } }, TaskTemplate: { ForceUpdate: 4 } },
});
const agent = service('shop_agent', { wanted: 2, spec: { Name: 'shop_agent', Mode: { Global: {} } } });
const once = service('shop_once', { spec: { Name: 'shop_once', Mode: { ReplicatedJob: {} } } });
const migrate = service('shop_migrate', {
  spec: { Name: 'shop_migrate', Labels: { [PHASE_LABEL]: 'release' } },
});
const running = { stack: 'shop', facts: facts({ services: [api, agent, once, migrate] }), objects: [] };

test.each([
  ['more', 'api=5', 'api 3 -> 5', 5, 2, 0],
  ['none', 'api=0', 'api 3 -> 0', 0, 0, 3],
])('scale to %s: only that service gets another spec', (_what, word, note, Replicas, starts, stops) => {
  const planned = planScale([word], running);
  const spec = { ...api.spec, Mode: { Replicated: { Replicas } } };
  expect(planned).toMatchObject({ specs: [spec, agent.spec, once.spec], note });
  // Every service has its place, or its tasks would count as gone.
  expect(
    'placements' in planned &&
      planned.placements.map(({ change }) => [change.name, change.starts, change.stops]),
  ).toEqual([
    ['api', starts, stops],
    ['agent', 0, 0],
    ['once', 0, 0],
  ]);
});

test('a restart of all leaves jobs alone; of one that is named, not', () => {
  const all = planRestart([], running);
  expect(all).toMatchObject({
    specs: [
      { TaskTemplate: { ForceUpdate: 5 } },
      { TaskTemplate: { ForceUpdate: 1 } },
      { Mode: { ReplicatedJob: {} } },
    ],
    note: 'api, agent',
  });
  expect(planRestart(['once'], running)).toMatchObject({ note: 'once' });
});

test.each([
  ['api', 'api: write it as service=replicas'],
  ['api=many', 'api=many: write it as service=replicas'],
  ['api=-1', 'api=-1: write it as service=replicas'],
  ['apo=1', 'shop has no service apo'],
  ['migrate=1', 'shop has no service migrate'],
  ['agent=1', 'agent has no number of replicas: Swarm decides how many tasks it has'],
  ['api=1e999', 'api=1e999: write it as service=replicas'],
  ['api=99999999999999999999', 'api=99999999999999999999: that is not a number of replicas'],
])('scale %s is refused', (word, why) => {
  expect(planScale([word, 'api=1', 'api=2'], running)).toEqual([why, 'shop_api is named twice']);
});

test('restart of what is not there is refused', () => {
  expect(planRestart(['apo', 'api'], running)).toEqual(['shop has no service apo']);
});

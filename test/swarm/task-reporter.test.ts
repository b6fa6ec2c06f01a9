import { expect, test } from 'vitest';
import { silentLog } from '../../src/shared/recording-log.ts';
import type { SwarmTask } from '../../src/shared/swarm.ts';
import { taskReporter } from '../../src/swarm/task-reporter.ts';
import { node, service, task } from '../fakes/swarm.ts';

test('each new task is told once for each state, by its slot and its node', () => {
  const said: unknown[] = [];
  const log = { ...silentLog, info: (...given: unknown[]) => said.push(given) };
  const tell = taskReporter({ log, spec: 'new', known: new Set(['old']) });
  const look = (...tasks: SwarmTask[]) => [
    { service: service('shop_api'), tasks, verdict: { kind: 'converged' } as const },
  ];
  const nodes = [node('m1'), node('m2')];
  const pending = task({ id: 'a', slot: 2, nodeId: '', state: 'pending' });
  tell(look(task({ id: 'old' }), pending), nodes);
  tell(look(task({ id: 'old' }), pending), []);
  // The nodes are not read again each time.
  tell(
    look(
      { ...pending, nodeId: 'id-m2', state: 'failed', error: 'exit 1' },
      task({ id: 'g', slot: 0, nodeId: 'id-m1' }),
    ),
    [],
  );
  const common = { service: 'shop_api', spec: 'new' };
  expect(said).toEqual([
    [
      { ...common, task: 'shop_api.2', taskId: 'a', node: '', state: 'pending' },
      'shop_api.2 on no node yet: pending',
    ],
    [
      { ...common, task: 'shop_api.2', taskId: 'a', node: 'm2', state: 'failed', error: 'exit 1' },
      'shop_api.2 on m2: failed',
    ],
    [
      { ...common, task: 'shop_api@m1', taskId: 'g', node: 'm1', state: 'running' },
      'shop_api@m1 on m1: running',
    ],
  ]);
});

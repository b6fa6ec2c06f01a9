// Proves: when the leader dies together with a run, another machine goes on at another manager, in each of the three ways.
import { test } from 'vitest';
import { until } from '../../src/lab/engine.ts';
import type { Machine } from '../../src/lab/machine.ts';
import { hasQuorum } from '../../src/lab/swarm.ts';
import { killEngine, restartEngine } from '../lab/faults.ts';
import { twoOnCleanLab } from '../lab/two-on-clean-lab.ts';

const { lab, two } = await twoOnCleanLab();
const [m1, m2, m3] = lab.managers;

async function findLeader(): Promise<Machine> {
  const names = ['node', 'ls', '--format', '{{.Hostname}} {{.ManagerStatus}}'];
  const line = (await m1.run(['docker', ...names])).split('\n').find((node) => node.includes('Leader'));
  const leader = lab.managers.find(({ name }) => line?.startsWith(name));
  if (!leader) throw new Error('there is no leader');
  return leader;
}

const portOf = (machine: Machine) => ({ DEPLOY_MANAGER_SSH_PORT: `22${machine.name.replace('m', '0')}` });
const answers = (machine: Machine) => async () => (await machine.exec(['docker', 'node', 'ls'])).code === 0;

test.each([
  ['resume', 'create secrets and configs'],
  ['rollback', 'deploy the stack'],
  ['adopt', 'wait for convergence'],
])(
  'the leader dies with the run, and another machine goes on at another manager: %s',
  async (choice, step) => {
    const leader = await findLeader();
    const other = leader === m2 ? m3 : m2;
    try {
      await two.deployUntil(step, ({ kill }) => Promise.all([kill(), killEngine(leader)]));
      await until('another leads', answers(other));
      await two.unlock(other);
      await two.recover(choice, portOf(other));
    } finally {
      await restartEngine(leader);
      await until('it is back', () => hasQuorum(m1));
    }
    await two.expectWhole();
  },
);

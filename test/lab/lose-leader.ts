import { until } from '../../src/lab/engine.ts';
import type { Machine } from '../../src/lab/machine.ts';
import { hasQuorum } from '../../src/lab/swarm.ts';
import type { Lab } from '../../src/lab/topology.ts';
import { killEngine, restartEngine } from './faults.ts';
import type { TwoOperators } from './two-operators.ts';

async function findLeader({ managers }: Lab): Promise<Machine> {
  const names = ['node', 'ls', '--format', '{{.Hostname}} {{.ManagerStatus}}'];
  const listed = await managers[0].run(['docker', ...names]);
  const line = listed.split('\n').find((node) => node.includes('Leader'));
  const leader = managers.find(({ name }) => line?.startsWith(name));
  if (!leader) throw new Error('there is no leader');
  return leader;
}

const portOf = (machine: Machine) => ({ DEPLOY_MANAGER_SSH_PORT: `22${machine.name.replace('m', '0')}` });
const answers = (machine: Machine) => async () => (await machine.exec(['docker', 'node', 'ls'])).code === 0;

/** The leader dies with the run, as that begins a step; another machine goes on at another manager, and says how. */
export async function loseLeader(lab: Lab, two: TwoOperators, step: string, choice: string): Promise<void> {
  const [m1, m2, m3] = lab.managers;
  const leader = await findLeader(lab);
  const other = leader === m2 ? m3 : m2;
  await two.next();
  try {
    await two.killedAt(step, ['deploy'], () => killEngine(leader));
    await until('another leads', answers(other));
    await two.unlock(other);
    await two.recover(choice, portOf(other));
  } finally {
    await restartEngine(leader);
    await until('it is back', () => hasQuorum(m1));
  }
  await two.expectWhole();
}

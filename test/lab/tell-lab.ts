import type { Machine } from '../../src/lab/machine.ts';
import type { Lab } from '../../src/lab/topology.ts';
import type { Operator } from './operator.ts';

const LINES = 12;

/** What is to be seen of a lab in which something was waited for in vain: a page that is enough to understand it. */
export async function tellLab(
  { managers }: Pick<Lab, 'managers'>,
  operators: readonly Operator[] = [],
): Promise<string> {
  const [manager] = managers;
  const docker = (...words: readonly string[]) => tell(manager, ['docker', ...words]);
  const tasks =
    'docker service ls --quiet | xargs -r docker service ps --no-trunc --format "{{.Name}} on {{.Node}}: {{.CurrentState}} {{.Error}}"';
  const told = await Promise.all([
    docker('node', 'ls', '--format', 'node {{.Hostname}}: {{.Status}} {{.Availability}} {{.ManagerStatus}}'),
    docker('service', 'ls', '--format', 'service {{.Name}}: {{.Replicas}} {{.Image}}'),
    tell(manager, ['sh', '-c', tasks]),
    ...managers.map(async (machine) => engineLog(machine)),
  ]);
  const said = operators.map(({ machine, said }) => `-- waggle on ${machine.name}\n${lastOf(said)}`);
  return ['-- the lab', ...told, ...said].filter(Boolean).join('\n');
}

async function engineLog(machine: Machine): Promise<string> {
  const grep = `grep -E 'level=(error|fatal)|panic' /var/log/dockerd.log | tail -n 3 | cut -c 1-300`;
  const lines = await tell(machine, ['sh', '-c', grep]);
  return lines && `-- the engine of ${machine.name}\n${lines}`;
}

async function tell(machine: Machine, argv: readonly string[]): Promise<string> {
  const { stdout, stderr } = await machine
    .exec(argv)
    .catch((error) => ({ stdout: '', stderr: String(error) }));
  return lastOf(stdout || stderr);
}

const lastOf = (text: string) => text.trim().split('\n').slice(-LINES).join('\n');

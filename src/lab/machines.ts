import { randomBytes } from 'node:crypto';
import { docker, until } from './engine.ts';
import type { Images } from './images.ts';
import type { Machine } from './machine.ts';
import { type Lab, REGISTRY } from './topology.ts';

/** What a nested engine needs, short of full privilege, which is not to be had everywhere. */
const CAPABILITIES =
  'SYS_ADMIN NET_ADMIN NET_RAW SYS_PTRACE SYS_CHROOT MKNOD SYS_MODULE SYS_NICE DAC_READ_SEARCH SYSLOG IPC_LOCK IPC_OWNER LINUX_IMMUTABLE LEASE';
const LENT = [
  ...CAPABILITIES.split(' ').map((capability) => `--cap-add=${capability}`),
  ...['seccomp', 'apparmor', 'systempaths'].map((what) => `--security-opt=${what}=unconfined`),
  '--device-cgroup-rule=a *:* rwm',
];

type Role = 'manager' | 'workstation' | 'laptop' | 'bastion' | 'registry';

interface Place {
  readonly machine: Machine;
  readonly role: Role;
  /** Networks, and the names it has there. Who deploys can reach nothing but `front`. */
  readonly networks: Readonly<Record<string, string>>;
}

export async function startMachines(
  lab: Lab,
  { machine: image }: Images,
  onUp: (machine: Machine) => void,
): Promise<void> {
  const names = ['front', 'back'];
  const ids = await Promise.all(names.map((network) => createNetwork(lab, network)));
  const idOf = (network: string) => ids[names.indexOf(network)] ?? '';
  const places = placesOf(lab);
  await Promise.all(places.map((place) => startMachine(lab, place, image, idOf)));
  await Promise.all(places.map(({ machine }) => booted(machine).then(() => onUp(machine))));
}

function placesOf({ managers, bastion, registry, workstation, laptop }: Lab): readonly Place[] {
  return [
    ...managers.map((machine) => ({ machine, role: 'manager' as const, networks: { back: machine.name } })),
    { machine: registry, role: 'registry', networks: { front: 'registry.lab', back: 'registry.lab' } },
    { machine: bastion, role: 'bastion', networks: { front: 'bastion.lab', back: 'bastion.lab' } },
    { machine: workstation, role: 'workstation', networks: { front: 'workstation' } },
    { machine: laptop, role: 'laptop', networks: { front: 'laptop' } },
  ];
}

const labelOf = (lab: Lab) => ['--label', `waggle.lab=${lab.name}`];

/** Returns its id. The name is new each time: an engine may refuse for ever to remove the network of an earlier lab. */
async function createNetwork(lab: Lab, network: string): Promise<string> {
  const name = `waggle-${lab.name}-${network}-${randomBytes(2).toString('hex')}`;
  return docker(lab.engine, ['network', 'create', ...labelOf(lab), name]);
}

async function startMachine(
  lab: Lab,
  { machine, role, networks }: Place,
  image: string,
  idOf: (network: string) => string,
): Promise<void> {
  const [[first, alias] = ['', ''], ...others] = Object.entries(networks);
  const volume = `${machine.container}-data`;
  await docker(lab.engine, ['volume', 'create', ...labelOf(lab), volume]);
  const own = ['--name', machine.container, '--hostname', machine.name, ...labelOf(lab)];
  const network = ['--network', idOf(first), '--network-alias', alias];
  const disk = [
    '--volume',
    `${volume}:${role === 'registry' ? '/var/lib/registry' : '/var/lib/docker'}`,
    ...disksOf(role),
  ];
  const env = Object.entries({
    ROLE: role,
    REGISTRY_USERNAME: REGISTRY.username,
    REGISTRY_PASSWORD: REGISTRY.password,
  });
  const variables = env.flatMap(([key, value]) => ['--env', `${key}=${value}`]);
  await docker(lab.engine, ['run', '--detach', ...own, ...LENT, ...network, ...disk, ...variables, image]);
  for (const [name, otherAlias] of others) {
    await docker(lab.engine, ['network', 'connect', '--alias', otherAlias, idOf(name), machine.container]);
  }
}

async function booted(machine: Machine): Promise<void> {
  const isBooted = async () => (await machine.exec(['test', '-e', '/run/booted'])).code === 0;
  await until(`${machine.name} has booted`, isBooted);
}

/** The deploy user's home is a small disk of its own, so that a test can fill it and nothing else. */
function disksOf(role: Role): readonly string[] {
  const home = role === 'manager' ? ['--tmpfs', '/home/deploy:size=16m,mode=755'] : [];
  return ['--tmpfs', '/run:exec', ...home];
}

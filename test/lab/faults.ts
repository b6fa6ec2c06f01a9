import type { Machine } from '../../src/lab/machine.ts';
import { engineReady } from '../../src/lab/swarm.ts';
import { type Lab, REGISTRY } from '../../src/lab/topology.ts';
import { freeStackDeploys } from './held-stack-deploy.ts';

/** Faults for tests, each with its remedy; `reset` applies every remedy. */

const BALLAST = '/home/deploy/ballast';
const CLOSED = '/run/relay-closed';
const PRETENDED = '/run/pretended-machine';
const REGISTRY_FAULT = '/run/registry-fault';

/** Packets vanish in both directions, as when a cable is pulled. */
export async function cutNetwork(machine: Machine): Promise<void> {
  for (const wire of WIRES) await machine.run(['iptables', ...wire('-I'), '-j', 'DROP']);
}

export async function healNetwork(machine: Machine): Promise<void> {
  for (const wire of WIRES) {
    // As often as it was cut.
    while ((await machine.exec(['iptables', ...wire('-D'), '-j', 'DROP'])).code === 0);
  }
}

/** First and last in a packet's way: ports that are forwarded to containers are cut as well. */
const WIRES = [
  (what: string) => ['-t', 'raw', what, 'PREROUTING', '-i', 'eth0'],
  (what: string) => ['-t', 'mangle', what, 'POSTROUTING', '-o', 'eth0'],
];

/** What other nodes send through overlay networks is lost, as behind a firewall that knows nothing of 4789/udp. */
export async function closeOverlay(machine: Machine): Promise<void> {
  await machine.run(['iptables', '-I', ...OVERLAY]);
}

export async function openOverlay(machine: Machine): Promise<void> {
  while ((await machine.exec(['iptables', '-D', ...OVERLAY])).code === 0);
}

const OVERLAY = ['INPUT', '-p', 'udp', '--dport', '4789', '-j', 'DROP'];

/** The engine dies at once; its containers go on, as they do when a real one crashes. */
export async function killEngine(machine: Machine): Promise<void> {
  await machine.run(['pkill', '-KILL', '-x', 'dockerd']);
}

/** The engine stands still: its socket takes connections, and nothing answers. */
export async function hangEngine(machine: Machine): Promise<void> {
  await machine.run(['pkill', '-STOP', '-x', 'dockerd']);
}

export async function wakeEngine(machine: Machine): Promise<void> {
  await machine.exec(['pkill', '-CONT', '-x', 'dockerd']);
}

export async function restartEngine(machine: Machine): Promise<void> {
  await wakeEngine(machine);
  if ((await machine.exec(['pgrep', '-x', 'dockerd'])).code !== 0)
    await machine.run(['/lab/start-engine.sh']);
  await engineReady(machine);
}

/** Its engine reports another kind of machine, `aarch64`, from now on; undefined: what it is. */
export async function pretendMachine(machine: Machine, kind: string | undefined): Promise<void> {
  await killEngine(machine);
  if (kind) await machine.writeFile(PRETENDED, kind);
  else await machine.run(['rm', '-f', PRETENDED]);
  await restartEngine(machine);
}

/** Every SSH connection through the bastion ends; new ones are served. */
export async function dropSshConnections({ bastion }: Lab): Promise<void> {
  await signalRelay(bastion, 'USR2');
}

/** Every SSH connection through the bastion ends, and none is taken until it is healed. */
export async function cutSsh(lab: Lab): Promise<void> {
  await lab.bastion.run(['touch', CLOSED]);
  await dropSshConnections(lab);
}

export async function healSsh({ bastion }: Lab): Promise<void> {
  await bastion.run(['rm', '-f', CLOSED]);
}

/** Each way, so a round trip takes twice as long. */
export async function setSshDelay({ bastion }: Lab, ms: number): Promise<void> {
  await bastion.writeFile('/run/relay-delay', String(ms));
  await signalRelay(bastion, 'HUP');
}

/**
 * Packets of the operator's SSH connections that are open now vanish both ways, and neither end is told: as when a NAT
 * forgets them. New ones are served; with `all` those vanish, too.
 */
export async function silenceSsh({ workstation }: Lab, { all = false } = {}): Promise<void> {
  const list = `ss -Htn state established '( dport >= :2201 and dport <= :2203 )' | awk '{ sub(/.*:/, "", $3); print $3 }'`;
  const script = `
    if iptables -t raw -N SILENT 2>/dev/null; then
      for way in PREROUTING OUTPUT; do iptables -t raw -I $way -j SILENT; done
    fi
    for port in ${all ? '2201:2203' : `$(${list})`}; do
      for end in --sport --dport; do iptables -t raw -A SILENT -p tcp $end $port -j DROP; done
    done`;
  await workstation.run(['sh', '-euc', script]);
}

/** What hung on a connection that fell silent ends on the other side, too. */
export async function healSilence(lab: Lab): Promise<void> {
  await lab.workstation.exec(['iptables', '-t', 'raw', '-F', 'SILENT']);
  await dropSshConnections(lab);
}

async function signalRelay(bastion: Machine, signal: string): Promise<void> {
  // The brackets keep two of these from matching each other's command line.
  await bastion.run(['pkill', `-${signal}`, '-f', '[r]elay.mjs']);
}

/** Fills the small disk that the deploy user's home is on. */
export async function fillDisk(machine: Machine): Promise<void> {
  await machine.exec(['dd', 'if=/dev/zero', `of=${BALLAST}`, 'bs=1M']);
}

export async function freeDisk(machine: Machine): Promise<void> {
  await machine.run(['rm', '-f', BALLAST]);
}

/**
 * `errors`: 500 to everything. `busy`: 429. `refuse`: 401, whatever the credentials. `hang-up`: no answer to what a
 * push asks first. For so many requests, or all.
 */
export async function failRegistry(
  { registry }: Lab,
  how: 'errors' | 'busy' | 'refuse' | 'hang-up',
  times?: number,
): Promise<void> {
  await registry.writeFile(REGISTRY_FAULT, times === undefined ? how : `${how} ${times}`);
}

export async function healRegistry({ registry }: Lab): Promise<void> {
  await registry.run(['rm', '-f', REGISTRY_FAULT]);
}

export async function healAll(lab: Lab): Promise<void> {
  const { managers } = lab;
  await Promise.all([
    ...managers.map(async (machine) => {
      await healNetwork(machine);
      await openOverlay(machine);
      await freeStackDeploys(machine);
      await Promise.all([freeDisk(machine), restartEngine(machine)]);
    }),
    setSshDelay(lab, 0),
    healSsh(lab),
    healSilence(lab),
    healRegistry(lab),
  ]);
}

/** A registry login that the registry refuses, for tests of what is said then. */
export const WRONG_PASSWORD = `${REGISTRY.password}-wrong`;

import { docker } from './engine.ts';
import type { Machine } from './machine.ts';
import type { Lab } from './topology.ts';

/** Where the machine is reached from this one, past its bastion: an address of the lab's inner network. */
export async function addressOf({ engine, name }: Lab, machine: Machine): Promise<string> {
  const network = `waggle-${name}-back`;
  const format = `{{(index .NetworkSettings.Networks "${network}").IPAddress}}`;
  return docker(engine, ['inspect', '--format', format, machine.container]);
}

import { docker } from './engine.ts';
import type { Machine } from './machine.ts';
import type { Lab } from './topology.ts';

/** Where the machine is reached from this one, past its bastion: an address of the lab's inner network. */
export async function addressOf({ engine, name }: Lab, machine: Machine): Promise<string> {
  const format = '{{range $name, $one := .NetworkSettings.Networks}}{{$name}}={{$one.IPAddress}} {{end}}';
  const networks = (await docker(engine, ['inspect', '--format', format, machine.container])).split(' ');
  const inner = networks.find((network) => network.startsWith(`waggle-${name}-back-`)) ?? '';
  return inner.replace(/^.*=/, '');
}

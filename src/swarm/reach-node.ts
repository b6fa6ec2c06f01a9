import { DeployError } from '../shared/errors.ts';
import type { SwarmNode } from '../shared/swarm.ts';
import type { Host, Tools } from '../shared/tools.ts';

/** That of the managers which is the node; undefined: none that answers is. */
export async function findNamed(hosts: Tools['hosts'], node: SwarmNode): Promise<Host | undefined> {
  return Promise.any(hosts.map((host) => requireNode(host, node))).catch(() => undefined);
}

/** The host, if it is the node; throws UNREACHABLE, with the reason, when it does not answer or is another. */
export async function requireNode(host: Host, { id }: SwarmNode): Promise<Host> {
  if ((await host.containers.readNodeId()) === id) return host;
  throw new DeployError('UNREACHABLE', 'another machine answers to this name');
}

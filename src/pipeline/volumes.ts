import { STACK_NAMESPACE } from '../plan/labels.ts';
import { quote } from '../plan/render/shell-text.ts';
import { DeployError, messageOf } from '../shared/errors.ts';
import type { SwarmNode } from '../shared/swarm.ts';
import type { Host, Tools } from '../shared/tools.ts';
import { findNamed, requireNode } from '../swarm/reach-node.ts';

const ATTEMPTS = 60;

/** The volumes of a stack on one node. */
export interface NodeVolumes {
  readonly node: string;
  readonly host: Host;
  readonly names: readonly string[];
}

/** Reads the volumes of the stack on every node. Throws UNREACHABLE, with each node that cannot be asked. */
export async function readVolumes(tools: Tools, stack: string): Promise<readonly NodeVolumes[]> {
  const nodes = await tools.swarm.readNodes();
  const failures: string[] = [];
  const found = await Promise.all(
    nodes.map((node) =>
      readOn(tools, node, stack).catch((error: unknown) => {
        failures.push(`${node.hostname}: ${messageOf(error)}`);
        return [];
      }),
    ),
  );
  if (failures.length === 0) return found.flat();
  throw new DeployError('UNREACHABLE', 'cannot list the volumes on every node', {
    details: failures.sort(),
    hint: 'nothing was changed; give ssh the names of these nodes, or leave out --volumes, and remove the volumes with `docker volume rm`',
  });
}

async function readOn(tools: Tools, node: SwarmNode, stack: string): Promise<readonly NodeVolumes[]> {
  const host = await findHost(tools, node);
  const label = quote(`label=${STACK_NAMESPACE}=${stack}`);
  const names = await runOn(host, `docker volume ls --quiet --filter ${label}`);
  return names.length > 0 ? [{ node: node.hostname, host, names }] : [];
}

async function findHost({ hosts, hostNamed }: Tools, node: SwarmNode): Promise<Host> {
  return (await findNamed(hosts, node)) ?? (await requireNode(hostNamed(node.hostname), node));
}

/** Swarm removes the containers of a removed service a little later, and until then Docker calls their volumes in use. */
export async function removeVolumes({ host, names }: NodeVolumes): Promise<void> {
  const remove = `docker volume rm --force ${names.map(quote).join(' ')}`;
  await runOn(
    host,
    `for attempt in $(seq ${ATTEMPTS}); do ${remove} >/dev/null 2>&1 && exit; sleep 1; done; ${remove}`,
  );
}

async function runOn({ name, remote }: Host, script: string): Promise<readonly string[]> {
  const { exitCode, stdout, stderr } = await remote.run(script);
  if (exitCode === 0) return stdout.split('\n').filter(Boolean);
  throw new DeployError('DEPLOY_FAILED', `${name}: ${stderr.trim()}`);
}

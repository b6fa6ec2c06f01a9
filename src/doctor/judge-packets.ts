import { groupBy } from '../shared/group-by.ts';
import type { SwarmNode, SwarmTask } from '../shared/swarm.ts';
import { type Finding, fine, problem } from './checkup.ts';

/** An overlay network with tasks here and on other nodes. */
export interface PacketTest {
  readonly network: string;
  readonly isEncrypted: boolean;
  /** Here, one of each service: not every image has a program that can try. */
  readonly containers: readonly string[];
  /** One for each other node. */
  readonly targets: readonly Target[];
}

interface Target {
  readonly node: string;
  readonly taskId: string;
  readonly address: string;
}

export interface PacketTestResult extends PacketTest {
  /** undefined: nothing here can try. */
  readonly answering: ReadonlySet<string> | undefined;
}

export function planPacketTests(
  here: string,
  others: readonly SwarmNode[],
  tasks: readonly SwarmTask[],
): readonly PacketTest[] {
  const ends = tasks.flatMap((task) => task.overlays.map((end) => ({ ...end, task })));
  return [...groupBy(ends, ({ network }) => network)].flatMap(([network, all]) => {
    const own = groupBy(
      all.filter(({ task }) => task.nodeId === here),
      ({ task }) => task.serviceId,
    );
    const containers = [...own.values()].flatMap(([first]) => first?.task.containerId ?? []);
    const targets = others.flatMap(({ id, hostname }) => {
      const there = all.find(({ task }) => task.nodeId === id);
      return there ? [{ node: hostname, taskId: there.task.id, address: there.address }] : [];
    });
    const isEncrypted = all.some((end) => end.isEncrypted);
    return containers.length > 0 && targets.length > 0 ? [{ network, isEncrypted, containers, targets }] : [];
  });
}

export function judgePacketTests(
  here: string,
  others: readonly SwarmNode[],
  tried: readonly PacketTestResult[],
  left: ReadonlySet<string>,
): readonly Finding[] {
  const told = new Set<string>();
  const findings = tried.flatMap(({ network, isEncrypted, targets, answering }) => {
    if (!answering) return [];
    const passing = targets.filter(({ address }) => answering.has(address));
    const lost = targets.filter(({ address, taskId }) => !answering.has(address) && left.has(taskId));
    for (const { node } of [...passing, ...lost]) told.add(node);
    const names = passing.map(({ node }) => node).join(', ');
    return [
      ...(names ? [fine(`they pass between ${here} and ${names} on the overlay network ${network}`)] : []),
      ...lost.map(({ node }) =>
        problem(
          `packets between ${here} and ${node} on the overlay network ${network} are lost`,
          `open 4789/udp${isEncrypted ? ', the protocol ESP' : ''} and 7946/udp between the nodes`,
        ),
      ),
    ];
  });
  const untold = others.filter(({ hostname }) => !told.has(hostname)).map(({ hostname }) => hostname);
  if (others.length === 0) return [fine('no other node is ready')];
  return untold.length > 0 ? [...findings, notTried(here, untold, tried)] : findings;
}

function notTried(here: string, untold: readonly string[], tried: readonly PacketTestResult[]): Finding {
  const isUnable = tried.some(({ answering }) => !answering);
  const why = isUnable
    ? 'no container of the stack here has bash, nc or node'
    : 'the stack has no two tasks on one overlay network, here and there';
  const byHand = `a container here that connects to the address of a task there tells, even by being refused`;
  return fine(`${here} to ${untold.join(', ')} was not tried: ${why}; ${byHand}`);
}

import type { Host } from '../../shared/tools.ts';
import { type Checkup, onEachHost } from '../checkup.ts';
import { judgePacketTests, type PacketTest, planPacketTests } from '../judge-packets.ts';
import { readAnswering } from '../read-answering.ts';

/**
 * What carries the overlay networks answers no stranger, so it is asked through one that exists: a task of the stack
 * tries the addresses of tasks on other nodes.
 */
export const overlay: Checkup = {
  name: 'packets between nodes',
  async look({ release: { stack }, nodes, hosts, tools: { swarm } }) {
    const readRunning = async () =>
      (await swarm.readTasks(stack)).filter(
        ({ state, desiredState }) => state === 'running' && desiredState === 'running',
      );
    const tasks = await readRunning();
    return onEachHost(hosts, async (host) => {
      const here = await host.containers.readNodeId();
      const others = nodes
        .filter(({ id, state }) => id !== here && state === 'ready')
        .toSorted((a, b) => a.hostname.localeCompare(b.hostname));
      const tried = await Promise.all(
        planPacketTests(here, others, tasks).map(async (one) => ({
          ...one,
          answering: await readFirst(host, one),
        })),
      );
      // One that ended meanwhile answers nobody, and that says nothing of packets.
      const left = new Set((await readRunning()).map(({ id }) => id));
      const name = nodes.find(({ id }) => id === here)?.hostname ?? host.name;
      return judgePacketTests(name, others, tried, left);
    });
  },
};

/** From the first container that has what it takes. */
async function readFirst(
  { containers }: Host,
  { containers: ids, targets }: PacketTest,
): Promise<ReadonlySet<string> | undefined> {
  const addresses = targets.map(({ address }) => address);
  for (const id of ids) {
    const answering = await readAnswering(containers, id, addresses);
    if (answering) return answering;
  }
  return undefined;
}

import type { SwarmReads } from '../shared/swarm.ts';

/** `api.2@m1` of a task's id; asks again for a task that is new. */
export async function taskNames(swarm: SwarmReads, stack: string): Promise<(id: string) => Promise<string>> {
  const names = new Map<string, string>();
  const read = async () => {
    const [services, tasks, nodes] = await Promise.all([
      swarm.readServices(stack),
      swarm.readTasks(stack),
      swarm.readNodes(),
    ]);
    for (const { id, serviceId, slot, nodeId } of tasks) {
      const service = services.find((one) => one.id === serviceId)?.name.slice(stack.length + 1);
      const node = nodes.find((one) => one.id === nodeId)?.hostname ?? nodeId;
      names.set(id, `${service}${slot > 0 ? `.${slot}` : ''}@${node}`);
    }
  };
  await read();
  return async (id) => {
    if (!names.has(id)) await read();
    return names.get(id) ?? id;
  };
}

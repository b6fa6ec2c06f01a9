import type { SwarmService, SwarmTask } from '../../src/shared/swarm.ts';

export function service(name: string, change: Partial<SwarmService> = {}): SwarmService {
  return {
    id: `id-${name}`,
    name,
    spec: { Name: name },
    previousSpec: undefined,
    update: undefined,
    wanted: 1,
    ...change,
  };
}

export function task(change: Partial<SwarmTask> = {}): SwarmTask {
  return {
    id: 't1',
    serviceId: 'id-a',
    slot: 1,
    nodeId: 'n1',
    state: 'running',
    desiredState: 'running',
    image: 'i',
    message: 'started',
    error: '',
    exitCode: undefined,
    ...change,
  };
}

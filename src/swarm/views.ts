import type { ServiceSpec, SwarmNode, SwarmService, SwarmTask } from '../shared/swarm.ts';

/** The parts of Docker's API objects that are read (API v1.41 and later). */
export interface ApiService {
  ID: string;
  Spec: ServiceSpec;
  PreviousSpec?: ServiceSpec;
  UpdateStatus?: { State?: string; Message?: string };
  ServiceStatus?: { DesiredTasks?: number };
}

export interface ApiTask {
  ID: string;
  ServiceID: string;
  Slot?: number;
  NodeID?: string;
  DesiredState: string;
  Spec: { ContainerSpec?: { Image?: string } };
  Status: { State: string; Message?: string; Err?: string; ContainerStatus?: { ExitCode?: number } };
}

export interface ApiNode {
  ID: string;
  Spec: { Availability?: string };
  Status: { State: string };
  Description: { Hostname: string; Platform: { Architecture: string; OS: string } };
}

export function viewService(service: ApiService): SwarmService {
  const { State: state = '', Message: message = '' } = service.UpdateStatus ?? {};
  return {
    id: service.ID,
    name: service.Spec.Name,
    spec: service.Spec,
    previousSpec: service.PreviousSpec,
    update: state ? { state, message } : undefined,
    wanted: service.Spec.Mode?.Replicated?.Replicas ?? service.ServiceStatus?.DesiredTasks ?? 0,
  };
}

export function viewTask(task: ApiTask): SwarmTask {
  return {
    id: task.ID,
    serviceId: task.ServiceID,
    slot: task.Slot ?? 0,
    nodeId: task.NodeID ?? '',
    state: task.Status.State,
    desiredState: task.DesiredState,
    image: task.Spec.ContainerSpec?.Image ?? '',
    message: task.Status.Message ?? '',
    error: task.Status.Err ?? '',
    exitCode: task.Status.ContainerStatus?.ExitCode,
  };
}

/** Docker reports the kernel's names, buildx takes Go's. */
const ARCHITECTURES: Readonly<Record<string, string>> = {
  x86_64: 'amd64',
  aarch64: 'arm64',
  armv7l: 'arm/v7',
  armv6l: 'arm/v6',
};

export function viewNode(node: ApiNode): SwarmNode {
  const { OS, Architecture } = node.Description.Platform;
  return {
    id: node.ID,
    hostname: node.Description.Hostname,
    platform: `${OS}/${ARCHITECTURES[Architecture] ?? Architecture}`,
    usable: node.Status.State === 'ready' && node.Spec.Availability === 'active',
  };
}

/** Docker's log stream: frames of an 8-byte header, whose last four bytes are the length, and a payload. */
export function parseLogFrames(frames: Buffer): readonly string[] {
  const parts: Buffer[] = [];
  for (let at = 0; at + 8 <= frames.length; ) {
    const end = at + 8 + frames.readUInt32BE(at + 4);
    parts.push(frames.subarray(at + 8, end));
    at = end;
  }
  return Buffer.concat(parts)
    .toString('utf8')
    .split('\n')
    .filter((line) => line.trim() !== '');
}

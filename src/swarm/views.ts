import type { NetworkInspectInfo } from 'dockerode';
import type { LiveNetwork, NetworkIpam } from '../shared/network.ts';
import type { OverlayAddress } from '../shared/overlay-address.ts';
import type { Amounts, Labels, PortSpec, ServiceSpec } from '../shared/service-spec.ts';
import type { SwarmNode, SwarmObject, SwarmService, SwarmTask } from '../shared/swarm.ts';

/** The parts of Docker's API objects that are read (API v1.41 and later). */
export interface ApiService {
  ID: string;
  Version?: { Index?: number };
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
  Spec: NonNullable<ServiceSpec['TaskTemplate']>;
  Status: {
    /** With nanoseconds. */
    Timestamp?: string;
    State: string;
    Message?: string;
    Err?: string;
    ContainerStatus?: { ContainerID?: string; ExitCode?: number };
    PortStatus?: { Ports?: PortSpec[] };
  };
  NetworksAttachments?: ApiAttachment[];
}

/** `DriverState` is what Swarm made of what the network was to be; `Addresses` are `10.0.1.4/24`. */
interface ApiAttachment {
  Network?: {
    Spec?: { Name?: string; Ingress?: boolean; DriverConfiguration?: { Options?: Labels } };
    DriverState?: { Name?: string };
  };
  Addresses?: string[];
}

export interface ApiNode {
  ID: string;
  Spec: { Availability?: string; Role?: string; Labels?: Labels };
  Status: { State: string; Addr?: string };
  /** `Addr` is `host:port`. */
  ManagerStatus?: { Reachability?: string; Addr?: string; Leader?: boolean };
  Description: {
    Hostname: string;
    Platform: { Architecture: string; OS: string };
    Resources?: Amounts;
    Engine?: { Labels?: Labels; EngineVersion?: string };
  };
}

/** A secret or config. */
export interface ApiObject {
  ID: string;
  CreatedAt?: string;
  Spec?: { Name?: string; Labels?: Labels; Data?: string; Templating?: { Name?: string } };
}

export function viewObject({ ID, CreatedAt = '', Spec }: ApiObject): SwarmObject {
  return {
    id: ID,
    name: Spec?.Name ?? '',
    labels: Spec?.Labels ?? {},
    createdAt: CreatedAt,
    templating: Spec?.Templating?.Name,
    data: Spec?.Data,
  };
}

export function viewNetwork(network: NetworkInspectInfo): LiveNetwork {
  return {
    id: network.Id,
    name: network.Name,
    driver: network.Driver,
    options: network.Options ?? {},
    internal: network.Internal ?? false,
    attachable: network.Attachable ?? false,
    labels: network.Labels ?? {},
    ipv6: network.EnableIPv6 ?? false,
    ipam: network.IPAM as NetworkIpam | undefined,
  };
}

export function viewService(service: ApiService): SwarmService {
  const { State: state = '', Message: message = '' } = service.UpdateStatus ?? {};
  return {
    id: service.ID,
    name: service.Spec.Name,
    version: service.Version?.Index ?? 0,
    spec: service.Spec,
    previousSpec: service.PreviousSpec,
    update: state ? { state, message } : undefined,
    wanted: countWanted(service),
  };
}

function countWanted({ Spec: { Mode }, ServiceStatus }: ApiService): number {
  return (
    Mode?.Replicated?.Replicas ??
    Mode?.ReplicatedJob?.TotalCompletions ??
    Mode?.ReplicatedJob?.MaxConcurrent ??
    ServiceStatus?.DesiredTasks ??
    0
  );
}

export function viewTask(task: ApiTask): SwarmTask {
  return {
    id: task.ID,
    serviceId: task.ServiceID,
    slot: task.Slot ?? 0,
    nodeId: task.NodeID ?? '',
    containerId: task.Status.ContainerStatus?.ContainerID ?? '',
    state: task.Status.State,
    since: task.Status.Timestamp ?? '',
    desiredState: task.DesiredState,
    image: task.Spec.ContainerSpec?.Image ?? '',
    message: task.Status.Message ?? '',
    error: task.Status.Err ?? '',
    exitCode: task.Status.ContainerStatus?.ExitCode,
    reserved: task.Spec.Resources?.Reservations ?? {},
    hostPorts: (task.Status.PortStatus?.Ports ?? [])
      .filter(({ PublishMode }) => PublishMode === 'host')
      .map(({ PublishedPort, Protocol = 'tcp' }) => `${PublishedPort}/${Protocol}`),
    overlays: (task.NetworksAttachments ?? []).flatMap(viewOverlay),
  };
}

/** Not of the ingress network: there a container drops all but what it publishes. */
function viewOverlay({
  Network: { Spec, DriverState } = {},
  Addresses = [],
}: ApiAttachment): OverlayAddress[] {
  if (DriverState?.Name !== 'overlay' || Spec?.Ingress) return [];
  const isEncrypted = 'encrypted' in (Spec?.DriverConfiguration?.Options ?? {});
  return Addresses.slice(0, 1).map((address) => ({
    network: Spec?.Name ?? '',
    address: address.replace(/\/.*$/, ''),
    isEncrypted,
  }));
}

/** Docker reports the kernel's names, buildx takes Go's. */
const ARCHITECTURES: Readonly<Record<string, string>> = {
  x86_64: 'amd64',
  aarch64: 'arm64',
  armv7l: 'arm/v7',
  armv6l: 'arm/v6',
};

/** Once it has been elected, a leader knows itself as 0.0.0.0; the other managers' address for it is the true one. */
function addressOf({ Status, ManagerStatus }: ApiNode): string {
  const told = ManagerStatus?.Addr?.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
  return told ?? Status.Addr ?? '';
}

export function viewNode(node: ApiNode): SwarmNode {
  const { OS, Architecture } = node.Description.Platform;
  return {
    id: node.ID,
    hostname: node.Description.Hostname,
    platform: `${OS}/${ARCHITECTURES[Architecture] ?? Architecture}`,
    usable: node.Status.State === 'ready' && node.Spec.Availability === 'active',
    state: node.Status.State,
    availability: node.Spec.Availability ?? 'active',
    role: node.Spec.Role ?? 'worker',
    isLeader: node.ManagerStatus?.Leader ?? false,
    reachability: node.ManagerStatus?.Reachability,
    engine: node.Description.Engine?.EngineVersion ?? '',
    address: addressOf(node),
    machine: Architecture,
    os: OS,
    labels: node.Spec.Labels ?? {},
    engineLabels: node.Description.Engine?.Labels ?? {},
    capacity: node.Description.Resources ?? {},
  };
}

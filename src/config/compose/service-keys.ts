import { isMap } from '../../shared/is-map.ts';
import { parseSize } from '../parse-units.ts';
import { type Service, setIn, type Translation, type Translator } from './translation.ts';

/** Of a service, and at the top. */
export const MODELS = 'run the model as a service, and tell the others in `environment` where it is';

/** Keys of a service that `docker stack deploy` ignores or refuses, and what Waggle makes of each. */
export const serviceKeys: Readonly<Record<string, Translator>> = {
  restart: translateRestart,
  mem_limit: moveTo('deploy', 'resources', 'limits', 'memory'),
  mem_reservation: moveTo('deploy', 'resources', 'reservations', 'memory'),
  cpus: moveTo('deploy', 'resources', 'limits', 'cpus'),
  pids_limit: moveTo('deploy', 'resources', 'limits', 'pids'),
  scale: moveTo('deploy', 'replicas'),
  shm_size: (value, service) => ({
    into: addMount(service, { type: 'tmpfs', target: '/dev/shm', tmpfs: { size: bytesOf(value) } }),
  }),
  tmpfs: translateTmpfs,
  platform: translatePlatform,
  'x-waggle': translateWaggle,
  links: translateLinks,
  container_name: say('Swarm names its containers itself; services reach this one by its service name'),
  expose: say('services on one network reach every port of each other'),
  pull_policy: say('every image is deployed by its digest'),
  develop: say('it is for development'),
  attach: say('it is for a terminal'),

  network_mode: refuse(
    'for the network of the node: `networks: [node]` and, at the top, `networks: {node: {external: true, name: host}}`',
  ),
  volumes_from: refuse('name the volume at the top and mount it in each service'),
  volume_driver: refuse('give the driver to the volume at the top'),
  external_links: refuse('put both services on one external network'),
  domainname: refuse('put the full name into `hostname`'),
  cpu_shares: refuse('use deploy.resources'),
  cpu_quota: refuse('use deploy.resources.limits.cpus'),
  cpu_period: refuse('use deploy.resources.limits.cpus'),
  cpuset: refuse('use deploy.resources.limits.cpus'),
  cpu_count: refuse('use deploy.resources.limits.cpus'),
  cpu_percent: refuse('use deploy.resources.limits.cpus'),
  cpu_rt_runtime: refuse('use deploy.resources.limits.cpus: Swarm has no realtime scheduling'),
  cpu_rt_period: refuse('use deploy.resources.limits.cpus: Swarm has no realtime scheduling'),
  blkio_config: refuse('use deploy.resources for processors and memory: Swarm limits no block I/O'),
  memswap_limit: refuse('use deploy.resources.limits.memory: Swarm sets no swap limit'),
  mem_swappiness: refuse('set vm.swappiness on the nodes'),
  oom_kill_disable: refuse('give it the memory that it needs in deploy.resources.limits.memory'),
  privileged: refuse('Swarm runs no privileged container: use cap_add for what it needs'),
  devices: refuse(
    'Swarm hands no device to a container: mount it by `volumes`, or run the container outside of Swarm',
  ),
  device_cgroup_rules: refuse('Swarm hands no device to a container: run the container outside of Swarm'),
  gpus: refuse('use deploy.resources.reservations.generic_resources'),
  annotations: refuse('use labels'),
  dns_opt: refuse('set dns-opts on the engine of the nodes'),
  storage_opt: refuse('set storage-opts on the engine of the nodes'),
  use_api_socket: refuse('mount /var/run/docker.sock by `volumes`, on nodes that it may own'),
  provider: refuse('run it outside of Swarm, and tell services in `environment` where it is'),
  models: refuse(MODELS),
  runtime: refuse('set the default runtime of the nodes and pin the service to them'),
  security_opt: refuse('Swarm takes no security options: set them on the engine of the nodes'),
  group_add: refuse('make the group the user\'s own: `user: "1000:998"`'),
  userns_mode: refuse('set the user namespace on the engine of the nodes'),
  ipc: refuse('Swarm shares no IPC namespace'),
  pid: refuse('Swarm shares no process namespace'),
  uts: refuse('Swarm shares no UTS namespace'),
  cgroup: refuse('Swarm sets no cgroup'),
  cgroup_parent: refuse('Swarm sets no cgroup'),
  cgroupns_mode: refuse('Swarm sets no cgroup'),
  mac_address: refuse('Swarm gives out addresses itself'),
  pre_stop: refuse('handle SIGTERM in the program and give it a stop_grace_period'),
  post_start: refuse("do it in the image's entrypoint"),
};

/** Keys of `deploy.resources.reservations`, and of a network at the top. */
export const reservationKeys: Readonly<Record<string, Translator>> = {
  devices: refuse('use generic_resources: `[{discrete_resource_spec: {kind: gpu, value: 1}}]`'),
};
export const networkKeys: Readonly<Record<string, Translator>> = {
  enable_ipv4: refuse('leave it out'),
  enable_ipv6: refuse('leave it out, or make the network yourself and declare it as external'),
};

function moveTo(...path: readonly string[]): Translator {
  return (value, service) => ({ into: setIn(service, path, value) });
}

function say(why: string): Translator {
  return () => ({ said: `is not used: ${why}` });
}

function refuse(fix: string): Translator {
  // `privileged: false` asks for nothing.
  return (value, service) =>
    value === false ? { into: service } : { refused: `is not supported by Swarm: ${fix}` };
}

function translateRestart(value: unknown, service: Service): Translation {
  const [word, times] = String(value).split(':');
  const condition = {
    no: 'none',
    false: 'none',
    always: 'any',
    'unless-stopped': 'any',
    'on-failure': 'on-failure',
  }[word ?? ''];
  if (!condition)
    return { refused: 'must be no, always, unless-stopped, or on-failure, with :times if you like' };
  const policy = { condition, ...(times && { max_attempts: Number(times) }) };
  return { into: setIn(service, ['deploy', 'restart_policy'], policy) };
}

/** What is no list stays, for the schema to tell of. */
function addMount(service: Service, mount: object): Service {
  const { volumes = [] } = service;
  return Array.isArray(volumes) ? { ...service, volumes: [...volumes, mount] } : service;
}

/** What is no size stays, for the schema to tell of. */
const bytesOf = (size: unknown) => parseSize(size as string) ?? size;

/** Docker has `tmpfs` in its schema and then forgets it: the container would get none. */
function translateTmpfs(value: unknown, service: Service): Translation {
  let into = service;
  for (const entry of Array.isArray(value) ? value : [value]) {
    const [target, options = ''] = String(entry).split(':');
    const size = /^size=(\w+)$/.exec(options)?.[1];
    if (options && !size)
      return { refused: `has options that Swarm does not take (${options}): only size= is` };
    into = addMount(into, { type: 'tmpfs', target, ...(size && { tmpfs: { size: bytesOf(size) } }) });
  }
  return { into };
}

const MACHINES: Readonly<Record<string, string>> = { amd64: 'x86_64', arm64: 'aarch64' };

function translatePlatform(value: unknown, service: Service): Translation {
  const [os, arch = ''] = String(value).split('/');
  const machine = MACHINES[arch];
  if (os !== 'linux' || !machine) return { refused: 'pin the service by deploy.placement.constraints' };
  const deploy = service.deploy ?? {};
  const placement = isMap(deploy) ? (deploy.placement ?? {}) : undefined;
  const constraints = isMap(placement) ? (placement.constraints ?? []) : undefined;
  if (!isMap(deploy) || !isMap(placement) || !Array.isArray(constraints)) return { into: service };
  const pinned = [...constraints, `node.platform.arch == ${machine}`];
  return { into: { ...service, deploy: { ...deploy, placement: { ...placement, constraints: pinned } } } };
}

/** A service of the release phase is a job that is begun once. */
function translateWaggle(value: unknown, service: Service): Translation {
  const kept = { ...service, 'x-waggle': value };
  if (!isMap(value) || value.phase !== 'release') return { into: kept };
  const { mode } = isMap(service.deploy) ? service.deploy : {};
  if (mode !== undefined && mode !== 'replicated-job')
    return { refused: 'has the phase release, in which services are jobs: leave out its deploy.mode' };
  const job = setIn(kept, ['deploy', 'mode'], 'replicated-job');
  return { into: setIn(job, ['deploy', 'restart_policy'], { condition: 'none' }) };
}

function translateLinks(value: unknown): Translation {
  const hasAlias = (Array.isArray(value) ? value : []).some((link) => {
    const [name, alias = name] = String(link).split(':');
    return alias !== name;
  });
  return hasAlias
    ? {
        refused:
          'gives another name, which Swarm does not do here: use networks.<network>.aliases of the other service',
      }
    : { said: 'is not used: services on one network reach each other by name' };
}

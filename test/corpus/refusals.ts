/**
 * Stack files that must not get to the cluster, and what is said about each. `byDocker`: its own client rejects
 * them as well, which the lab checks; the others it would take and not do what they say.
 */
export interface Refusal {
  readonly text: string;
  readonly message: string;
  readonly line: number;
  readonly byDocker: boolean;
}

const service = (lines: string, more = '') => `services:\n  a:\n    image: b:1\n    ${lines}\n${more}`;
const refused = (text: string, line: number, message: string): Refusal => ({
  text,
  line,
  message,
  byDocker: true,
});
const misread = (text: string, line: number, message: string): Refusal => ({
  ...refused(text, line, message),
  byDocker: false,
});

export const refusals: readonly Refusal[] = [
  refused(service('imagee: x'), 4, 'services.a.imagee is not a key that Docker knows: did you mean image?'),
  refused(service('deploy: { replica: 2 }'), 4, 'did you mean replicas?'),
  refused(service('deploy: { replicas: many }'), 4, 'must be a whole number'),
  refused(service('deploy: { update_config: { order: start_first } }'), 4, 'did you mean start-first?'),
  refused(service('deploy: { resources: { limits: { mem: 1M } } }'), 4, 'limits.mem is not a key'),
  refused(service('stop_grace_period: 10'), 4, 'must be a duration with its unit'),
  refused(service('healthcheck: { interval: often }'), 4, 'must be a duration'),
  refused(service('environment: { A: { b: c } }'), 4, 'must be text or a number'),
  refused(service('environment: A=1'), 4, 'must be a map, or a list of NAME=value'),
  refused(service('environment: { A: true }'), 4, 'is read as the boolean true: put it in quotes'),
  refused(service('ports: ["80:x"]'), 4, 'is not a port'),
  misread(service('volumes: ["a::b"]'), 4, 'is not a mount'),
  refused(service('ports: 80'), 4, 'must be a list'),
  refused(service('ports: [{ target: 80, address: 1.2.3.4 }]'), 4, 'address is not a key'),
  refused(service('command: { a: b }'), 4, 'command must be'),
  refused(service('tty: perhaps'), 4, 'must be true or false'),
  refused(service('cpuset: "0"'), 4, 'use deploy.resources'),
  refused(service('extends: { service: b }'), 4, 'names b, which this file does not have'),
  refused(service('volumes_from: [b]'), 4, 'name the volume at the top'),
  refused(service('profiles: debug'), 4, 'must be a list of texts'),
  refused('include: other.yml\nservices: { a: { image: b:1 } }\n', 1, 'include must be a list'),
  refused(service('', 'volume: {}\n'), 5, 'did you mean volumes?'),
  refused(service('', 'networks: { n: { drivr: overlay } }\n'), 5, 'did you mean driver?'),
  ...(
    [
      ['annotations: { a: b }', 'use labels'],
      ['blkio_config: { weight: 300 }', 'Swarm limits no block I/O'],
      ['cpu_count: 2', 'use deploy.resources.limits.cpus'],
      ['cpu_percent: 50', 'use deploy.resources.limits.cpus'],
      ['cpu_rt_runtime: 400ms', 'Swarm has no realtime scheduling'],
      ['cpu_rt_period: 1400us', 'Swarm has no realtime scheduling'],
      ['device_cgroup_rules: ["c 1:3 mr"]', 'Swarm hands no device to a container'],
      ['dns_opt: [use-vc]', 'set dns-opts on the engine'],
      ['mem_swappiness: 10', 'set vm.swappiness on the nodes'],
      ['oom_kill_disable: true', 'in deploy.resources.limits.memory'],
      ['storage_opt: { size: 1G }', 'set storage-opts on the engine'],
      ['provider: { type: awesomecloud }', 'run it outside of Swarm'],
      ['models: [llm]', 'run the model as a service'],
      ['use_api_socket: true', 'mount /var/run/docker.sock'],
      [
        'deploy: { resources: { reservations: { devices: [{ capabilities: [gpu] }] } } }',
        'use generic_resources',
      ],
    ] as const
  ).map(([lines, message]) => refused(service(lines), 4, message)),
  refused(service('', 'models: { llm: { model: ai/smollm2 } }\n'), 5, 'run the model as a service'),
  refused(
    service('', 'networks: { n: { enable_ipv6: true } }\n'),
    5,
    'networks.n.enable_ipv6 is not supported',
  ),
  misread(service('privileged: true'), 4, 'Swarm runs no privileged container'),
  misread(service('devices: [/dev/kvm]'), 4, 'Swarm hands no device to a container'),
  misread(service('network_mode: host'), 4, 'external: true, name: host'),
  misread(service('links: ["b:other"]'), 4, 'use networks.<network>.aliases'),
  misread(service('ports: ["127.0.0.1:80:80"]'), 4, 'publishes on 127.0.0.1 only, which Swarm cannot'),
  misread(service('volumes: ["./data:/data"]'), 4, 'is not a path of the nodes'),
  misread(service('environment: { VERSION: 1.10 }'), 4, 'is read as the number 1.1: put 1.10 in quotes'),
  misread(service('environment: { MODE: 0755 }'), 4, 'is read as the number 493'),
  misread(
    service('networks: { n: { ipv4_address: 10.0.0.2 } }', 'networks: { n: {} }\n'),
    4,
    'asks for an address',
  ),
  misread(service('networks: [backend]'), 4, 'names backend, which is not declared under networks:'),
  misread(service('', 'secrets: { s: {} }\n'), 5, 'secrets.s has no content'),
  misread(service('', 'configs: { c: { labels: { a: b } } }\n'), 5, 'configs.c has no content'),
  misread(service('secrets: [s]'), 4, 'names s, which is not declared under secrets:'),
  misread(service('volumes: ["data:/data"]'), 4, 'names data, which is not declared under volumes:'),
  misread(
    service('deploy: { placement: { constraints: ["node.rol == manager"] } }'),
    4,
    'names a key that no node has',
  ),
  misread(service('command: "sh -c \'open"'), 4, 'has a quote that does not end'),
  refused(
    service('logging: { driver: json-file, options: { compress: true } }'),
    4,
    'is read as the boolean true',
  ),
];

const deploying = (lines: string) => service(`deploy: { ${lines} }`);

/** What Swarm refuses on every cluster, and Docker's client takes. The proof `stack-files` deploys each. */
export const refusalsOfSwarm: readonly Refusal[] = [
  misread(deploying('mode: global, replicas: 3'), 4, 'does not go with mode global'),
  misread(deploying('mode: global-job, replicas: 3'), 4, 'does not go with mode global-job'),
  misread(
    deploying('mode: replicated-job, update_config: { parallelism: 1 }'),
    4,
    'does not go with mode replicated-job',
  ),
  misread(deploying('update_config: { max_failure_ratio: 2 }'), 4, 'Swarm takes 0 to 1'),
  misread(deploying('rollback_config: { max_failure_ratio: -1 }'), 4, 'Swarm takes 0 to 1'),
  misread(deploying('resources: { limits: { cpus: two } }'), 4, 'write a number like 0.5'),
  misread(deploying('resources: { reservations: { cpus: "0.0001" } }'), 4, 'Swarm takes at least 0.001'),
  misread(deploying('resources: { limits: { memory: 1M } }'), 4, 'Swarm takes at least 4M'),
  misread(service('healthcheck: { test: [CMD, a], interval: 0.5ms }'), 4, 'Docker takes at least 1ms'),
  misread(service('healthcheck: { test: [pg_isready] }'), 4, 'the first word must be CMD'),
  misread(service('healthcheck: { test: [CMD] }'), 4, 'has nothing after CMD'),
  misread(
    service('volumes: ["data:rel"]', 'volumes: { data: {} }\n'),
    4,
    'write an absolute path in the container',
  ),
  misread(
    service('volumes: ["data:/d", "/host:/d"]', 'volumes: { data: {} }\n'),
    4,
    'mounts at /d, as an entry above it does',
  ),
  misread(service('volumes: ["./a"]'), 4, 'write an absolute path in the container'),
  misread(
    service(
      'secrets: [{ source: s, target: x }, { source: t, target: x }]',
      'secrets: { s: { external: true }, t: { external: true } }\n',
    ),
    4,
    'mounts at x, as an entry above it does',
  ),
  misread(service('', 'networks: { n: { driver: bridge } }\n'), 5, 'is bridge, which services cannot use'),
  misread(
    service('', 'networks: { n: { ipam: { config: [{ subnet: 10.0.0/24 }] } } }\n'),
    5,
    'has the subnet 10.0.0/24',
  ),
  misread(
    service('', 'volumes: { v: { driver_opts: { type: none, o: bind, device: ./data } } }\n'),
    5,
    'write an absolute path of the node',
  ),
];

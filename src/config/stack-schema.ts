import { build } from './build-shape.ts';
import { mounted, type Shape, set, texts } from './shape.ts';

const textOrTexts: Shape = { either: ['text', texts] };
const textOrSet: Shape = { either: ['text', set] };
const external: Shape = { either: ['boolean', { keys: { name: 'text' } }] };

const rollout: Shape = {
  keys: {
    parallelism: 'count',
    delay: 'duration',
    failure_action: { words: ['continue', 'pause', 'rollback'] },
    monitor: 'duration',
    max_failure_ratio: 'number',
    order: { words: ['start-first', 'stop-first'] },
  },
};

const deploy: Shape = {
  keys: {
    mode: { words: ['replicated', 'global', 'replicated-job', 'global-job'] },
    endpoint_mode: { words: ['vip', 'dnsrr'] },
    replicas: 'count',
    labels: 'pairs',
    update_config: rollout,
    rollback_config: rollout,
    resources: {
      keys: {
        limits: { keys: { cpus: 'cpus', memory: 'size', pids: 'count' } },
        reservations: {
          keys: {
            cpus: 'cpus',
            memory: 'size',
            generic_resources: {
              list: { keys: { discrete_resource_spec: { keys: { kind: 'text', value: 'number' } } } },
            },
          },
        },
      },
    },
    restart_policy: {
      keys: {
        condition: { words: ['none', 'on-failure', 'any'] },
        delay: 'duration',
        max_attempts: 'count',
        window: 'duration',
      },
    },
    placement: {
      keys: {
        constraints: texts,
        preferences: { list: { keys: { spread: 'text' } } },
        max_replicas_per_node: 'count',
      },
    },
  },
};

const dependency: Shape = {
  keys: {
    condition: { words: ['service_started', 'service_healthy', 'service_completed_successfully'] },
    restart: 'boolean',
    required: 'boolean',
  },
};

const service: Shape = {
  keys: {
    build,
    cap_add: set,
    cap_drop: set,
    command: textOrTexts,
    configs: mounted,
    credential_spec: { keys: { config: 'text', file: 'text', registry: 'text' } },
    depends_on: { either: [set, { named: { either: ['nothing', dependency] } }] },
    deploy: { either: ['nothing', deploy] },
    dns: textOrSet,
    dns_search: textOrSet,
    entrypoint: textOrTexts,
    environment: 'pairs',
    extra_hosts: 'pairs',
    healthcheck: {
      keys: {
        disable: 'boolean',
        interval: 'duration',
        retries: 'count',
        start_interval: 'duration',
        start_period: 'duration',
        test: textOrTexts,
        timeout: 'duration',
      },
    },
    hostname: 'text',
    image: 'text',
    init: 'boolean',
    isolation: 'text',
    labels: 'pairs',
    logging: { keys: { driver: 'text', options: 'options' } },
    networks: {
      either: [set, { named: { either: ['nothing', { keys: { aliases: set, driver_opts: 'options' } }] } }],
    },
    oom_score_adj: 'whole',
    // Ports and mounts are in their long form by now.
    ports: {
      list: {
        keys: {
          target: 'count',
          published: 'count',
          protocol: { words: ['tcp', 'udp', 'sctp'] },
          mode: { words: ['ingress', 'host'] },
        },
      },
    },
    read_only: 'boolean',
    secrets: mounted,
    stdin_open: 'boolean',
    stop_grace_period: 'duration',
    stop_signal: 'text',
    sysctls: 'pairs',
    tmpfs: textOrSet,
    tty: 'boolean',
    ulimits: {
      named: { either: ['whole', { keys: { soft: 'whole', hard: 'whole' }, required: ['soft', 'hard'] }] },
    },
    user: 'text',
    volumes: {
      list: {
        keys: {
          type: { words: ['bind', 'volume', 'tmpfs', 'cluster', 'npipe'] },
          source: 'text',
          target: 'text',
          read_only: 'boolean',
          consistency: 'text',
          bind: { keys: { propagation: 'text' } },
          volume: { keys: { nocopy: 'boolean', subpath: 'text' } },
          tmpfs: { keys: { size: 'count' } },
        },
        required: ['type'],
      },
    },
    working_dir: 'text',
    'x-waggle': {
      keys: { phase: { words: ['release'] }, migrations: { words: ['irreversible'] }, check: textOrTexts },
    },
  },
};

const network: Shape = {
  keys: {
    name: 'text',
    driver: 'text',
    driver_opts: 'options',
    ipam: { keys: { driver: 'text', config: { list: { keys: { subnet: 'text' } } } } },
    external,
    internal: 'boolean',
    attachable: 'boolean',
    labels: 'pairs',
  },
};
const volume: Shape = {
  keys: { name: 'text', driver: 'text', driver_opts: 'options', external, labels: 'pairs' },
};
const object = { name: 'text', file: 'text', external, labels: 'pairs', template_driver: 'text' } as const;

const MINORS = Array.from({ length: 14 }, (_, minor) => `3.${minor}`);
const VERSIONS = ['3', ...MINORS];

/** The stack file as Docker takes it (docker/cli, cli/compose/schema, version 3.13), and what Waggle has beside it. */
export const stackShape: Shape = {
  keys: {
    version: { words: VERSIONS },
    services: { named: service, areNames: true },
    networks: { named: { either: ['nothing', network] }, areNames: true },
    volumes: { named: { either: ['nothing', volume] }, areNames: true },
    secrets: { named: { keys: { ...object, driver: 'text', driver_opts: 'options' } }, areNames: true },
    configs: { named: { keys: object }, areNames: true },
  },
};

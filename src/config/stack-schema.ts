import { build } from './build-shape.ts';
import { mounted, type Shape, texts } from './shape.ts';

const textOrTexts: Shape = { either: ['text', texts] };
const external: Shape = { either: ['boolean', { keys: { name: 'text' } }] };

const rollout: Shape = {
  keys: {
    parallelism: 'whole',
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
    replicas: 'whole',
    labels: 'pairs',
    update_config: rollout,
    rollback_config: rollout,
    resources: {
      keys: {
        limits: { keys: { cpus: 'text', memory: 'size', pids: 'whole' } },
        reservations: {
          keys: {
            cpus: 'text',
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
        max_attempts: 'whole',
        window: 'duration',
      },
    },
    placement: {
      keys: {
        constraints: texts,
        preferences: { list: { keys: { spread: 'text' } } },
        max_replicas_per_node: 'whole',
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
    cap_add: texts,
    cap_drop: texts,
    command: { either: ['nothing', 'text', texts] },
    configs: mounted,
    credential_spec: { keys: { config: 'text', file: 'text', registry: 'text' } },
    depends_on: { either: [texts, { named: { either: ['nothing', dependency] } }] },
    deploy: { either: ['nothing', deploy] },
    dns: textOrTexts,
    dns_search: textOrTexts,
    entrypoint: { either: ['nothing', 'text', texts] },
    environment: 'pairs',
    extra_hosts: 'pairs',
    healthcheck: {
      keys: {
        disable: 'boolean',
        interval: 'duration',
        retries: 'whole',
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
    logging: { keys: { driver: 'text', options: 'pairs' } },
    networks: {
      either: [texts, { named: { either: ['nothing', { keys: { aliases: texts, driver_opts: 'pairs' } }] } }],
    },
    oom_score_adj: 'whole',
    // Ports and mounts are in their long form by now.
    ports: {
      list: {
        keys: {
          target: 'whole',
          published: 'whole',
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
    tmpfs: textOrTexts,
    tty: 'boolean',
    ulimits: { named: { either: ['whole', { keys: { soft: 'whole', hard: 'whole' } }] } },
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
          volume: { keys: { nocopy: 'boolean' } },
          tmpfs: { keys: { size: 'whole' } },
        },
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
    driver_opts: 'pairs',
    ipam: { keys: { driver: 'text', config: { list: { keys: { subnet: 'text' } } } } },
    external,
    internal: 'boolean',
    attachable: 'boolean',
    labels: 'pairs',
  },
};
const volume: Shape = {
  keys: { name: 'text', driver: 'text', driver_opts: 'pairs', external, labels: 'pairs' },
};
const object = { name: 'text', file: 'text', external, labels: 'pairs', template_driver: 'text' } as const;

/**
 * The stack file as Docker takes it (docker/cli, cli/compose/schema, version 3.13), and what Waggle has beside it;
 * other keys that begin with x- are free.
 */
export const stackShape: Shape = {
  keys: {
    version: 'text',
    services: { named: service },
    networks: { named: { either: ['nothing', network] } },
    volumes: { named: { either: ['nothing', volume] } },
    secrets: { named: { keys: { ...object, driver: 'text', driver_opts: 'pairs' } } },
    configs: { named: { keys: object } },
  },
};

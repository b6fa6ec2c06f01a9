import { isAbsolute } from 'node:path';
import { parseDuration, parseSize } from '../../config/parse-units.ts';
import type { Path, Positions } from '../../config/positions.ts';
import type { Problem } from '../../config/problem.ts';
import type {
  StackDocument,
  StackHealthcheck,
  StackMounted,
  StackRollout,
  StackService,
} from '../../config/stack-document.ts';

type Fault = readonly [path: Path, message: string];

const SMALLEST_MEMORY = 4 * 1024 ** 2;
const SMALLEST_CPUS = 0.001;
const SHORTEST_NS = 1e6;
const TIMES = ['interval', 'timeout', 'start_period', 'start_interval'] as const;

/**
 * What Docker's client or Swarm refuses of a service on every cluster. `docker stack deploy` says so only after it has
 * made networks, and then leaves half a stack.
 */
export function judgeLimits({ services = {} }: StackDocument, positions: Positions): readonly Problem[] {
  return Object.entries(services).flatMap(([name, service]) =>
    [
      ...judgeMode(service),
      ...judgeRollouts(service),
      ...judgeResources(service),
      ...judgeHealth(service.healthcheck ?? {}),
      ...judgeTargets(service),
      ...judgeMounted('secrets', service.secrets, ''),
      ...judgeMounted('configs', service.configs, '/'),
    ].map(([path, message]) => {
      const whole = ['services', name, ...path];
      return { ...positions.locate(whole), message: `${whole.join('.')} ${message}` };
    }),
  );
}

function judgeMode({ deploy }: StackService): readonly Fault[] {
  const { mode = 'replicated', replicas, update_config } = deploy ?? {};
  const faults: Fault[] = [];
  if (mode.startsWith('global') && replicas !== undefined)
    faults.push([
      ['deploy', 'replicas'],
      `does not go with mode ${mode}, which runs one task on every node: leave it out`,
    ]);
  if (mode.endsWith('-job') && update_config)
    faults.push([['deploy', 'update_config'], `does not go with mode ${mode}: leave it out`]);
  return faults;
}

function judgeRollouts({ deploy }: StackService): readonly Fault[] {
  return (['update_config', 'rollback_config'] as const).flatMap((key) => {
    const { max_failure_ratio: ratio = 0 }: StackRollout = deploy?.[key] ?? {};
    return ratio < 0 || ratio > 1
      ? [[['deploy', key, 'max_failure_ratio'], `is ${ratio}: Swarm takes 0 to 1`] as const]
      : [];
  });
}

function judgeResources({ deploy }: StackService): readonly Fault[] {
  return (['limits', 'reservations'] as const).flatMap((key) => {
    const { cpus, memory } = deploy?.resources?.[key] ?? {};
    const at = (name: string): Path => ['deploy', 'resources', key, name];
    const faults: Fault[] = [];
    if (cpus && !/^\d*\.?\d+$/.test(cpus)) faults.push([at('cpus'), `is "${cpus}": write a number like 0.5`]);
    else if (Number(cpus) > 0 && Number(cpus) < SMALLEST_CPUS)
      faults.push([at('cpus'), `is ${cpus}: Swarm takes at least ${SMALLEST_CPUS}`]);
    const bytes = parseSize(memory ?? '') ?? 0;
    if (bytes > 0 && bytes < SMALLEST_MEMORY)
      faults.push([at('memory'), `is ${memory}: Swarm takes at least 4M`]);
    return faults;
  });
}

function judgeHealth(healthcheck: StackHealthcheck): readonly Fault[] {
  const short = TIMES.flatMap((key): Fault[] => {
    const time = parseDuration(healthcheck[key] ?? '0') ?? 0;
    return time > 0 && time < SHORTEST_NS
      ? [[['healthcheck', key], `is ${healthcheck[key]}: Docker takes at least 1ms`]]
      : [];
  });
  const { test } = healthcheck;
  if (!Array.isArray(test) || test.length === 0 || test[0] === 'NONE') return short;
  const [kind] = test;
  const isKnown = kind === 'CMD' || kind === 'CMD-SHELL';
  if (isKnown && test.length > 1) return short;
  const message = isKnown
    ? `has nothing after ${kind}: write the command`
    : `begins with ${kind}: the first word must be CMD, CMD-SHELL or NONE`;
  return [...short, [['healthcheck', 'test'], message]];
}

function judgeTargets({ volumes = [] }: StackService): readonly Fault[] {
  const relative = volumes.flatMap(({ target }, index): Fault[] =>
    target && !isAbsolute(target) && !/^[A-Za-z]:[\\/]/.test(target)
      ? [[['volumes', index], `mounts at ${target}: write an absolute path in the container`]]
      : [],
  );
  return [
    ...relative,
    ...judgeTwice(
      'volumes',
      volumes.map(({ target }) => target),
    ),
  ];
}

/** `folder`: where a target without one is mounted. */
function judgeMounted(
  key: 'secrets' | 'configs',
  mounted: readonly (string | StackMounted)[] = [],
  folder: string,
): readonly Fault[] {
  const targets = mounted.map((entry) => {
    const { source = '', target = '' } = typeof entry === 'string' ? { source: entry } : entry;
    return target || `${folder}${source}`;
  });
  return judgeTwice(key, targets);
}

/** Swarm refuses a second mount at one place. */
function judgeTwice(key: 'secrets' | 'configs' | 'volumes', targets: readonly unknown[]): readonly Fault[] {
  return targets.flatMap((target, index): Fault[] =>
    targets.indexOf(target) < index
      ? [[[key, index], `mounts at ${target}, as an entry above it does: give one another target`]]
      : [],
  );
}

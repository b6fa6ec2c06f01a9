import type { Profiles } from '../../config/compose/profiles.ts';
import type { Positions } from '../../config/positions.ts';
import type { Problem } from '../../config/problem.ts';
import type { StackDependency, StackDocument, StackService } from '../../config/stack-document.ts';

type Services = Readonly<Record<string, StackService>>;
/** Service -> those that come before it. */
type Order = ReadonlyMap<string, readonly string[]>;

/** What its release jobs do to a database cannot be undone by going back to an earlier release. */
export function isIrreversible({ services = {} }: StackDocument): boolean {
  return Object.values(services).some((service) => service['x-waggle']?.migrations === 'irreversible');
}

export const isReleaseJob = (service: StackService | undefined) => service?.['x-waggle']?.phase === 'release';

/** All that stay when the deploy is done. */
export function longRunningServices({ services = {} }: StackDocument): readonly string[] {
  return Object.keys(services).filter((name) => !isReleaseJob(services[name]));
}

/**
 * The services in waves: each begins when all of the one before have converged. Jobs of the release phase come before
 * everything but what they need and is not there yet, on a first deploy.
 */
export function planWaves(
  { services = {} }: StackDocument,
  isLive: (name: string) => boolean,
): readonly (readonly string[])[] {
  return layer(orderOf(services, isLive)).waves;
}

/** The waves that come before the whole stack is deployed: all but the last, unless that one has jobs in it. */
export function planEarlyWaves(
  document: StackDocument,
  isLive: (name: string) => boolean,
): readonly (readonly string[])[] {
  const waves = planWaves(document, isLive);
  const hasJobs = waves.at(-1)?.some((name) => isReleaseJob(document.services?.[name]));
  return hasJobs ? waves : waves.slice(0, -1);
}

/** What `depends_on` says that cannot be. */
export function judgeDependencies(
  { services = {} }: StackDocument,
  positions: Positions,
  inactive: Profiles = new Map(),
): readonly Problem[] {
  const at = (name: string, message: string, rule?: string) => ({
    ...positions.locate(['services', name, 'depends_on']),
    message: `services.${name}.depends_on ${message}`,
    ...(rule && { rule }),
  });
  const wrong = Object.entries(services).flatMap(([name, service]) =>
    Object.entries(dependenciesOf(service)).flatMap(([other, { condition, required = true }]) => {
      const target = services[other];
      const [profile] = inactive.get(other) ?? [];
      if (!target && profile && required)
        return [
          at(
            name,
            `names ${other}, which is not active: add PROFILES=${profile} to cluster.env, or write required: false`,
            'inactive-dependency',
          ),
        ];
      if (!target) return [];
      const isEndless = condition === 'service_completed_successfully' && !endsByItself(target);
      return isEndless
        ? [
            at(
              name,
              `waits for ${other} to end, which is to run on: make ${other} a job, or ask for service_healthy`,
              'endless-dependency',
            ),
          ]
        : [];
    }),
  );
  const { stuck } = layer(orderOf(services, () => false));
  const circle = stuck
    .slice(0, 1)
    .map((name) => at(name, `goes round in a circle: ${stuck.join(', ')}`, 'circular-dependency'));
  return [...wrong, ...circle];
}

/** Names in `depends_on` that no service has, by the service that names them. Docker ignores the whole key. */
export function findUnknownDependencies(
  { services = {} }: StackDocument,
  inactive: Profiles,
): readonly { readonly name: string; readonly other: string }[] {
  return Object.entries(services).flatMap(([name, service]) =>
    Object.entries(dependenciesOf(service))
      .filter(([other, { required = true }]) => required && !services[other] && !inactive.has(other))
      .map(([other]) => ({ name, other })),
  );
}

function endsByItself({ deploy }: StackService): boolean {
  const condition = deploy?.restart_policy?.condition ?? 'any';
  return (deploy?.mode ?? '').endsWith('-job') || condition !== 'any';
}

function orderOf(services: Services, isLive: (name: string) => boolean): Order {
  const names = Object.keys(services);
  const needs = new Map(
    names.map((name) => [name, Object.keys(dependenciesOf(services[name])).filter((one) => services[one])]),
  );
  const jobs = names.filter((name) => isReleaseJob(services[name]));
  // What is there already serves the jobs as it is, and changes after them.
  const isEarly = (name: string) =>
    jobs.some((job) => job !== name && reaches(needs, job, name)) && !isLive(name);
  const early = names.filter((name) => !jobs.includes(name) && isEarly(name));
  const first = new Set([...jobs, ...early]);
  return new Map(
    names.map((name) => {
      const own = needs.get(name) ?? [];
      return [name, first.has(name) ? own.filter((one) => first.has(one)) : [...own, ...jobs]];
    }),
  );
}

/** Takes away, again and again, all that waits for nothing that is left. What remains is `stuck`, and the last wave. */
function layer(order: Order): { readonly waves: string[][]; readonly stuck: readonly string[] } {
  const waves: string[][] = [];
  let left = [...order.keys()];
  for (;;) {
    const wave = left.filter((name) => !order.get(name)?.some((one) => left.includes(one)));
    if (wave.length === 0) return { waves: left.length > 0 ? [...waves, left] : waves, stuck: left };
    waves.push(wave);
    left = left.filter((name) => !wave.includes(name));
  }
}

function reaches(needs: Order, from: string, to: string, seen: ReadonlySet<string> = new Set()): boolean {
  if (seen.has(from)) return false;
  const next = needs.get(from) ?? [];
  return next.includes(to) || next.some((one) => reaches(needs, one, to, new Set([...seen, from])));
}

function dependenciesOf(service: StackService | undefined): Readonly<Record<string, StackDependency>> {
  const { depends_on = [] } = service ?? {};
  const entries = Array.isArray(depends_on)
    ? depends_on.map((name: string) => [name, {}] as const)
    : Object.entries(depends_on).map(([name, value]) => [name, value ?? {}] as const);
  return Object.fromEntries(entries);
}

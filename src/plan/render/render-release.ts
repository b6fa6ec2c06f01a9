import { managersOf } from '../../config/managers.ts';
import { countOf } from '../../shared/count-of.ts';
import type { Build, PlannedService, Release } from '../release/release.ts';

/** Where, and what by its name. */
export const renderHeading = (release: Release) =>
  `stack ${release.stack}, release ${release.id}, through ${renderManagers(release)}`;

/** The release as an operator reads it before saying yes. */
export function renderRelease(release: Release): readonly string[] {
  return [
    'services',
    ...release.services.map((service) => `  ${renderService(service, release)}`),
    'secrets and configs',
    ...listed(
      release.objects.map(
        ({ kind, key, newName, from }) => `${kind} ${key} -> ${newName}${from && `, from ${from}`}`,
      ),
    ),
    ...release.externals.map(({ kind, name }) => `  ${kind} ${name}, which is there already`),
  ];
}

function renderManagers({ settings }: Release): string {
  return managersOf(settings)
    .map(({ name, user, port }) => `${user ? `${user}@` : ''}${name}${port ? `:${port}` : ''}`)
    .join(' or ');
}

function renderService({ name, image, replicas }: PlannedService, { builds }: Release): string {
  const build = builds.find(({ services }) => services.includes(name));
  const built = build ? `, built for ${renderPlatforms(build)}` : '';
  const count = replicas === undefined ? 'on every node' : countOf(replicas, 'replica');
  return `${name}: ${count}, ${image}${built}`;
}

export function renderPlatforms({ platforms }: Build): string {
  return platforms?.join(', ') ?? "the platforms of the cluster's nodes";
}

function listed(items: readonly string[]): readonly string[] {
  return items.length > 0 ? items.map((item) => `  ${item}`) : ['  none'];
}

import type { Build, PlannedService, Release } from './release.ts';

/** The release as an operator reads it before saying yes. */
export function renderRelease(release: Release): readonly string[] {
  const {
    DEPLOY_MANAGER_USER: user,
    DEPLOY_MANAGER_HOST: host,
    DEPLOY_MANAGER_SSH_PORT: port,
  } = release.settings;
  return [
    `stack ${release.stack}, release ${release.id}, through ${user}@${host}:${port}`,
    'services',
    ...release.services.map((service) => `  ${renderService(service, release)}`),
    'secrets',
    ...listed(release.secrets.map(({ key, name }) => `${key} -> ${name}`)),
    'configs',
    ...listed(release.configs),
  ];
}

function renderService({ name, image, replicas }: PlannedService, { builds, settings }: Release): string {
  const build = builds.find((one) => one.name === name);
  const built =
    build && !settings.SKIP_BUILD ? `, built for ${renderPlatforms(build, settings.BUILD_PLATFORMS)}` : '';
  const count = replicas === undefined ? 'on every node' : `${replicas} replica${replicas === 1 ? '' : 's'}`;
  return `${name}: ${count}, ${image}${built}`;
}

export function renderPlatforms({ platforms }: Build, forAll: readonly string[] | undefined): string {
  return (platforms ?? forAll)?.join(', ') ?? "the platforms of the cluster's nodes";
}

function listed(items: readonly string[]): readonly string[] {
  return items.length > 0 ? items.map((item) => `  ${item}`) : ['  none'];
}

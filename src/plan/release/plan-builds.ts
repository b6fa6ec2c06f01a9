import { isDeepStrictEqual } from 'node:util';
import type { Positions } from '../../config/positions.ts';
import type { Problem } from '../../config/problem.ts';
import type { StackDocument, StackService } from '../../config/stack-document.ts';
import { groupBy } from '../../shared/group-by.ts';
import { isMap } from '../../shared/is-map.ts';
import { externalName } from '../spec/scoped-name.ts';
import { versionsIn } from '../variables.ts';
import { buildOf, planBuild, sourceOf } from './plan-build.ts';
import { planImage } from './plan-services.ts';
import { type Build, objectId, type Release, type VersionedObject } from './release.ts';

/**
 * The images that this run builds: of every service with a `build:` section, unless pushed ones are deployed. One that
 * several services run is built once.
 */
export function planBuilds(
  document: StackDocument,
  tag: string,
  { SKIP_BUILD, BUILD_PLATFORMS }: Pick<Release['settings'], 'SKIP_BUILD' | 'BUILD_PLATFORMS'>,
  objects: readonly VersionedObject[],
): readonly Build[] {
  if (SKIP_BUILD) return [];
  return [...usersOfImages(document, tag)].flatMap(([image, users]) => {
    const [builder] = users.filter(hasBuild);
    if (!builder) return [];
    const [name, service] = builder;
    const { secrets, ...build } = planBuild(service);
    return {
      ...build,
      name,
      services: users.map(([user]) => user),
      image,
      platforms: build.platforms ?? BUILD_PLATFORMS,
      secrets: secrets.map(({ id, source }) => ({
        id,
        value: objects.find((one) => objectId(one) === versionOf(document, source))?.value,
      })),
    };
  });
}

/** The services of each image. */
function usersOfImages(document: StackDocument, tag: string) {
  return groupBy(Object.entries(document.services ?? {}), ([, service]) => planImage(service, tag));
}

const hasBuild = ([, { build }]: readonly [string, StackService]) => build !== undefined;

/** The release without the secrets that are for builds alone: the cluster has no need of them. */
export function leaveOutBuildSecrets(
  document: StackDocument,
  objects: readonly VersionedObject[],
): { readonly document: StackDocument; readonly objects: readonly VersionedObject[] } {
  const keys = findBuildSecrets(document);
  if (keys.size === 0) return { document, objects };
  const ids = new Set([...keys].map((key) => versionOf(document, key)));
  const left = Object.entries(document.secrets ?? {}).filter(([key]) => !keys.has(key));
  return {
    document: { ...document, secrets: Object.fromEntries(left) },
    objects: objects.filter((object) => !ids.has(objectId(object))),
  };
}

/** Secrets that only builds use, by their key in the stack file, which may not be held against its schema yet. */
export function findBuildSecrets({ services }: Pick<StackDocument, 'services'>): ReadonlySet<string> {
  const all = Object.values(services ?? {}).filter((service) => isMap(service));
  const keysOf = (secrets: unknown) => (Array.isArray(secrets) ? secrets.map(sourceOf) : []);
  const mounted = new Set(all.flatMap(({ secrets }) => keysOf(secrets)));
  const built = all.flatMap((service) => keysOf(buildOf(service).secrets));
  return new Set(built.filter((key) => !mounted.has(key)));
}

/** What an image would keep for everybody to see. `tellsSecret`: whether a text of the template refers to a secret. */
export function judgeOpenBuilds(
  template: StackDocument,
  positions: Positions,
  tellsSecret: (text: unknown) => boolean,
): readonly Problem[] {
  return Object.entries(template.services ?? {}).flatMap(([name, service]) => {
    const { secrets: _, ...rest } = buildOf(service);
    return Object.entries(rest)
      .filter(([, value]) => tellsSecret(value))
      .map(([key]) => ({
        ...positions.locate(['services', name, 'build', key]),
        message: `services.${name}.build.${key} holds a secret, which the image would keep: use build.secrets`,
        rule: 'build-secret',
      }));
  });
}

/** What a build would get wrong. */
export function judgeBuilds(document: StackDocument, positions: Positions): readonly Problem[] {
  return Object.entries(document.services ?? {}).flatMap(([name, service]) => {
    const { secrets = [], ...rest } = buildOf(service);
    const at = (key: string, message: string) => ({
      ...positions.locate(['services', name, 'build', key]),
      message: `services.${name}.build.${key} ${message}`,
    });
    const named = Object.entries(rest)
      .filter(([, value]) => versionsIn(JSON.stringify(value)).length > 0)
      .map(([key]) =>
        at(key, 'names a version of a secret, which is known only after the build: leave it out'),
      );
    const unknown = secrets
      .map(sourceOf)
      .filter((key) => versionOf(document, key) === undefined)
      .map((key) =>
        at('secrets', `names ${key}, whose value Waggle does not have: declare it under secrets: with file:`),
      );
    return [...named, ...unknown];
  });
}

/** Two builds that push to one tag: which of them is deployed would be luck. */
export function judgeSharedImages(
  document: StackDocument,
  tag: string,
  positions: Positions,
): readonly Problem[] {
  return [...usersOfImages(document, tag)].flatMap(([image, users]) => {
    const [first, ...others] = users.filter(hasBuild);
    if (!first) return [];
    const [builder, built] = first;
    return others
      .filter(([, service]) => !isDeepStrictEqual(planBuild(service), planBuild(built)))
      .map(([name]) => ({
        ...positions.locate(['services', name, 'build']),
        message: `services.${name}.build is not that of ${builder}, and both make ${image}: give one an image of its own`,
      }));
  });
}

/** buildx takes a secret from its environment, where a text ends at a zero byte. */
export function judgeBuildSecrets(
  document: StackDocument,
  objects: readonly VersionedObject[],
  positions: Positions,
): readonly Problem[] {
  const isBinary = (id: string | undefined) =>
    objects.some((object) => objectId(object) === id && object.value?.reveal().includes(0));
  return Object.entries(document.services ?? {}).flatMap(([name, service]) =>
    (buildOf(service).secrets ?? [])
      .map(sourceOf)
      .filter((key) => isBinary(versionOf(document, key)))
      .map((key) => ({
        ...positions.locate(['services', name, 'build', 'secrets']),
        message: `services.${name}.build.secrets names ${key}, which is not text: encode it, for example in base64`,
      })),
  );
}

/** The id of the object behind a secret's key; undefined: it is not declared, or somebody else's. */
function versionOf(document: StackDocument, key: string): string | undefined {
  return versionsIn(externalName(document.secrets?.[key] ?? {}, key))[0];
}

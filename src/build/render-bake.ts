import type { Build } from '../plan/release/release.ts';
import { tagsOf } from '../shared/image-name.ts';

/** buildx's bake definition, as JSON. Targets are named by service. */
export interface BakeDefinition {
  readonly group: { readonly default: { readonly targets: readonly string[] } };
  readonly target: Readonly<Record<string, BakeTarget>>;
}

interface BakeTarget {
  readonly context: string;
  readonly dockerfile: string;
  readonly target?: string;
  readonly args: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly tags: readonly string[];
  readonly platforms: readonly string[];
  readonly secret?: readonly string[];
}

/** A build with all that is known of it only now. */
export interface ReadyBuild extends Build {
  readonly folder: string;
  readonly platforms: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

/** Service names may hold what target names may not. No two become one. */
export const targetName = (service: string) =>
  service.replaceAll(/[^\w-]|_(?=0x)/g, (character) => `_0x${character.charCodeAt(0).toString(16)}`);

/**
 * The variable of buildx's environment that a build's secret is in: neither its arguments nor a file show it. In
 * hexadecimal, as names of variables may hold less than those of services and secrets, and no two may become one.
 */
export const secretVariable = ({ name }: Pick<Build, 'name'>, id: string) =>
  `WAGGLE_BUILD_${Buffer.from(`${name}/${id}`).toString('hex')}`;

/** One definition for all images, so that shared stages are built once. */
export function renderBake(builds: readonly ReadyBuild[], { latest }: { latest: boolean }): BakeDefinition {
  const targets = builds.map((build) => [targetName(build.name), renderTarget(build, latest)] as const);
  return escapeTemplates({
    group: { default: { targets: targets.map(([name]) => name) } },
    target: Object.fromEntries(targets),
  });
}

/** bake reads each text of its JSON as a template of HCL's, those of keys too: `${USER}` would be filled in. */
function escapeTemplates(definition: BakeDefinition): BakeDefinition {
  return JSON.parse(JSON.stringify(definition).replaceAll(/[$%](?=\{)/g, '$&$&'));
}

function renderTarget(build: ReadyBuild, latest: boolean): BakeTarget {
  const { folder, dockerfile, target, args, labels, image, platforms, secrets, how } = build;
  return {
    ...how,
    context: folder,
    dockerfile,
    ...(target && { target }),
    args,
    labels,
    tags: tagsOf(image, { latest }),
    platforms,
    ...(secrets.length > 0 && {
      secret: secrets.map(({ id }) => `id=${id},env=${secretVariable(build, id)}`),
    }),
  };
}

/** Digests from the file that `bake --metadata-file` writes: what was pushed, not what a tag says later. */
export function parseBakeMetadata(text: string, builds: readonly Build[]): Readonly<Record<string, string>> {
  const metadata = JSON.parse(text) as Record<string, { 'containerimage.digest'?: string }>;
  return Object.fromEntries(
    builds.map(({ name, image }) => {
      const digest = metadata[targetName(name)]?.['containerimage.digest'];
      if (!digest) throw new Error(`buildx reported no digest for ${name}`);
      return [image, digest];
    }),
  );
}

import type { Build } from '../plan/release.ts';

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
  readonly tags: readonly string[];
  readonly platforms: readonly string[];
}

/** Service names may hold what target names may not. */
export const targetName = (service: string) => service.replaceAll(/[^\w-]/g, '_');

/** One definition for all images, so that shared stages are built once. */
export function renderBake(
  builds: readonly Build[],
  nodePlatforms: readonly string[],
  { latest, contextOf }: { latest: boolean; contextOf: (path: string) => string },
): BakeDefinition {
  const targets = builds.map((build) => [
    targetName(build.name),
    {
      context: contextOf(build.context),
      dockerfile: build.dockerfile,
      ...(build.target && { target: build.target }),
      args: build.args,
      tags: latest ? [build.image, latestOf(build.image)] : [build.image],
      platforms: build.platforms ?? nodePlatforms,
    },
  ]);
  return {
    group: { default: { targets: targets.map(([name]) => name as string) } },
    target: Object.fromEntries(targets),
  };
}

function latestOf(image: string): string {
  return image.replace(/:[^:/]+$/, ':latest');
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

import { join } from 'node:path';
import { readPairs } from '../../config/pairs.ts';
import type { StackBuild, StackMounted, StackService } from '../../config/stack-document.ts';
import { isUrl } from './contexts.ts';
import type { Build } from './release.ts';

/** All that makes an image, however the stack file writes it. */
export function planBuild(service: StackService) {
  const build = buildOf(service);
  const { context = '.' } = build;
  return {
    context: isUrl(context) ? context : join(context, '.'),
    dockerfile: join(build.dockerfile ?? 'Dockerfile'),
    target: build.target,
    args: readPairs(build.args),
    platforms: build.platforms,
    secrets: (build.secrets ?? []).map((mounted) => ({ id: targetOf(mounted), source: sourceOf(mounted) })),
    how: planHow(build),
  };
}

/** Compose's keys -> bake's. */
const BAKE_KEYS = {
  cache_from: 'cache-from',
  cache_to: 'cache-to',
  no_cache: 'no-cache',
  pull: 'pull',
  network: 'network',
  ssh: 'ssh',
} as const;

function planHow(build: StackBuild): Build['how'] {
  return Object.fromEntries(
    Object.entries(BAKE_KEYS).flatMap(([key, name]) => {
      const value = build[key as keyof typeof BAKE_KEYS];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

export function buildOf({ build }: StackService): StackBuild {
  return typeof build === 'string' ? { context: build } : (build ?? {});
}

export const sourceOf = (mounted: string | StackMounted) =>
  typeof mounted === 'string' ? mounted : (mounted.source ?? '');
const targetOf = (mounted: string | StackMounted) =>
  typeof mounted === 'string' ? mounted : (mounted.target ?? sourceOf(mounted));

import type { Translator } from './translation.ts';

/** Keys of `build:` that Waggle does not build with; those that it does are in the stack schema. */
export const buildKeys: Readonly<Record<string, Translator>> = {
  ...each(['tags', 'labels', 'provenance', 'sbom'], () => ({
    said: 'is not used: the image has the tag of the release, and nothing that would change its digest',
  })),
  ...each(
    [
      'additional_contexts',
      'dockerfile_inline',
      'entitlements',
      'extra_hosts',
      'isolation',
      'privileged',
      'shm_size',
      'ulimits',
      'x-bake',
    ],
    () => ({
      refused: 'is not supported by Waggle yet: build the image elsewhere and deploy it with SKIP_BUILD=1',
    }),
  ),
};

function each(keys: readonly string[], translate: Translator): Readonly<Record<string, Translator>> {
  return Object.fromEntries(keys.map((key) => [key, translate]));
}

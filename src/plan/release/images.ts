import type { Release } from './release.ts';

/** Images that are not built now: other people's, and with SKIP_BUILD our own. Each once. */
export function imagesToResolve({ services, builds }: Release): readonly string[] {
  const built = builds.map(({ image }) => image);
  const images = new Set(services.map(({ image }) => image));
  return [...images].filter((image) => !built.includes(image) && !image.includes('@'));
}

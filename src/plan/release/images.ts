import { registryName, registryOf } from '../../shared/image-name.ts';
import type { Release } from './release.ts';

/** Images that are not built now: other people's, and with SKIP_BUILD our own. Each once. */
export function imagesToResolve({
  services,
  builds,
}: Pick<Release, 'services' | 'builds'>): readonly string[] {
  const built = builds.map(({ image }) => image);
  const images = new Set(services.map(({ image }) => image));
  return [...images].filter((image) => !built.includes(image) && !image.includes('@'));
}

/** Registries that images come from, but for the one that has a login of its own. */
export function otherRegistries({
  services,
  registry,
}: Pick<Release, 'services' | 'registry'>): readonly string[] {
  const all = new Set(services.map(({ image }) => registryOf(image)));
  all.delete(registryName(registry.host));
  return [...all];
}

import { imagesToResolve } from '../plan/release/images.ts';
import type { Release } from '../plan/release/release.ts';
import { allOf } from '../shared/all-of.ts';
import type { RegistryImage, RegistryReads } from '../shared/swarm.ts';

/** What the registries hold for each image that is not built now. */
export async function readImages(
  release: Release,
  registry: RegistryReads,
): Promise<Readonly<Record<string, RegistryImage>>> {
  const reading = imagesToResolve(release).map(
    async (image) => [image, await registry.readImage(image)] as const,
  );
  return Object.fromEntries(await allOf(reading, 'REGISTRY_REFUSED'));
}

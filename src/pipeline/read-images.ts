import { imagesToResolve } from '../plan/release/images.ts';
import type { Release } from '../plan/release/release.ts';
import { DeployError } from '../shared/errors.ts';
import { settleAll } from '../shared/settle-all.ts';
import type { RegistryImage, RegistryReads } from '../shared/swarm.ts';

/** What the registries hold for each image that is not built now. */
export async function readImages(
  release: Pick<Release, 'builds' | 'services' | 'tag'>,
  registry: Pick<RegistryReads, 'readImage'>,
): Promise<Readonly<Record<string, RegistryImage>>> {
  const reading = imagesToResolve(release).map(async (image) => {
    const found = await registry.readImage(image).catch((error) => {
      throw isMissing(error) ? missingImage(image, release, error) : error;
    });
    return [image, found] as const;
  });
  return Object.fromEntries(await settleAll(reading, 'REGISTRY_REFUSED'));
}

const isMissing = (error: unknown) =>
  error instanceof DeployError && (error.cause as { statusCode?: number } | undefined)?.statusCode === 404;

function missingImage(
  image: string,
  { services, tag }: Pick<Release, 'services' | 'tag'>,
  cause: unknown,
): DeployError {
  const users = services.filter((service) => service.image === image).map(({ name }) => name);
  return new DeployError(
    'REGISTRY_REFUSED',
    `the registry has no image ${image}, which ${users.join(', ')} needs`,
    {
      hint: image.endsWith(`:${tag}`)
        ? 'build it: deploy without --skip-build; or give a pushed tag with --tag: `waggle releases` lists them'
        : 'correct the tag of the image in the stack file, or push the image',
      cause,
    },
  );
}

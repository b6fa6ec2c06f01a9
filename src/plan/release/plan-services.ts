import type { Path, Positions } from '../../config/positions.ts';
import type { Problem } from '../../config/problem.ts';
import { registrySchema } from '../../config/settings.ts';
import type { StackDocument, StackService } from '../../config/stack-document.ts';
import { familiarName, isImageName } from '../../shared/image-name.ts';
import type { PlannedService } from './release.ts';

/** The services in the order of the stack file. */
export function planServices(document: StackDocument, tag: string): readonly PlannedService[] {
  return Object.entries(document.services ?? {}).map(([name, service]) => ({
    name,
    image: planImage(service, tag),
    replicas: service.deploy?.mode?.startsWith('global') ? undefined : (service.deploy?.replicas ?? 1),
    storesUploads: Object.hasOwn(service.environment ?? {}, 'B2_BUCKET_NAME'),
    pinnedToOneNode: (service.deploy?.placement?.constraints ?? []).some((constraint) =>
      /^node\.(hostname|id)\s*==/.test(constraint),
    ),
  }));
}

/** `hasRegistry`: if it has not, that is a problem of its own, and images that it is a part of are not judged. */
export function judgeImages(
  document: StackDocument,
  positions: Positions,
  hasRegistry: boolean,
): readonly Problem[] {
  return Object.entries(document.services ?? {}).flatMap(([name, { image = '', build }]) => {
    const at = (path: Path, message: string) => [
      { ...positions.locate(path), message: `services.${name} ${message}` },
    ];
    if (image === '') return at(['services', name], 'needs an image: to push to and deploy');
    const here = ['services', name, 'image'];
    if (
      !hasRegistry &&
      positions.variablesAt(here).some((variable) => Object.hasOwn(registrySchema.shape, variable))
    )
      return [];
    if (!isImageName(image))
      return at(
        here,
        `has the image ${image}, which is not an image name: [host/]path[:tag], the path in lower case`,
      );
    if (build !== undefined && image.includes('@'))
      return at(here, 'is built, and its image has a digest, which only a push can give: leave it out');
    return [];
  });
}

/** A built image without a tag gets the release's. */
export function planImage({ image: written = '', build }: StackService, tag: string): string {
  const image = familiarName(written);
  const hasTag = /[:@]/.test(image.split('/').at(-1) ?? '');
  return build !== undefined && !hasTag ? `${image}:${tag}` : image;
}

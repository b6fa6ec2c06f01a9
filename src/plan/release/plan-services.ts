import type { Positions } from '../../config/positions.ts';
import type { Problem } from '../../config/problem.ts';
import type { StackDocument, StackService } from '../../config/stack-document.ts';
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

export function judgeImages(document: StackDocument, positions: Positions): readonly Problem[] {
  return Object.entries(document.services ?? {})
    .filter(([, { image }]) => typeof image !== 'string' || image === '')
    .map(([name]) => ({
      ...positions.locate(['services', name]),
      message: `services.${name} needs an image: to push to and deploy`,
    }));
}

/** A built image without a tag gets the release's. */
export function planImage({ image = '', build }: StackService, tag: string): string {
  const hasTag = /[:@]/.test(image.split('/').at(-1) ?? '');
  return build !== undefined && !hasTag ? `${image}:${tag}` : image;
}

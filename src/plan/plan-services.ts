import type { Problem } from '../config/problem.ts';
import { namesOf, type StackBuild, type StackDocument, type StackService } from '../config/stack-document.ts';
import type { Build, PlannedService } from './release.ts';

/** The services in the order of the stack file. */
export function planServices(document: StackDocument, tag: string): readonly PlannedService[] {
  return Object.entries(document.services ?? {}).map(([name, service]) => ({
    name,
    image: planImage(service, tag),
    replicas: service.deploy?.mode === 'global' ? undefined : (service.deploy?.replicas ?? 1),
    storesUploads: namesOf(service.environment).includes('B2_BUCKET_NAME'),
    pinnedToOneNode: (service.deploy?.placement?.constraints ?? []).some((constraint) =>
      /^node\.(hostname|id)\s*==/.test(constraint),
    ),
  }));
}

/** The images to build: every service with a `build:` section, as compose writes it. */
export function planBuilds(document: StackDocument, tag: string): readonly Build[] {
  return Object.entries(document.services ?? {})
    .filter(([, service]) => service.build !== undefined)
    .map(([name, service]) => {
      const build: StackBuild =
        typeof service.build === 'string' ? { context: service.build } : (service.build ?? {});
      return {
        name,
        image: planImage(service, tag),
        context: build.context ?? '.',
        dockerfile: build.dockerfile ?? 'Dockerfile',
        target: build.target,
        args: argsOf(build.args),
        platforms: build.platforms,
      };
    });
}

export function judgeServices(document: StackDocument, file: string): readonly Problem[] {
  const services = Object.entries(document.services ?? {});
  if (services.length === 0) return [{ file, message: 'has no services' }];
  const noImage = services.filter(([, { image }]) => typeof image !== 'string' || image === '');
  const withFile = (['secrets', 'configs'] as const).flatMap((kind) =>
    Object.entries(document[kind] ?? {})
      .filter(([, resource]) => resource?.file !== undefined)
      .map(([name]) => `${kind}.${name}`),
  );
  return [
    ...noImage.map(([name]) => ({ file, message: `services.${name} needs an image: to push to and deploy` })),
    ...withFile.map((path) => ({
      file,
      message: `${path} has file:, which Docker cannot change later: use external: true and name: \${..._SECRET}`,
    })),
  ];
}

/** A built image without a tag gets the release's. */
function planImage({ image = '', build }: StackService, tag: string): string {
  const hasTag = /[:@]/.test(image.split('/').at(-1) ?? '');
  return build !== undefined && !hasTag ? `${image}:${tag}` : image;
}

function argsOf(args: StackBuild['args']): Readonly<Record<string, string>> {
  if (!Array.isArray(args)) return { ...(args as Record<string, string>) };
  return Object.fromEntries(args.map((arg) => [arg.split('=')[0], arg.slice(arg.indexOf('=') + 1)]));
}

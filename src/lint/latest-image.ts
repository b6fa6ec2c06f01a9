import { type Rule, servicesOf } from './rule.ts';

export const latestImage: Rule = {
  id: 'latest-image',
  level: 'warning',
  reason: 'a later pull of the same name may bring another version',
  summary: ['runs an image without a version', 'run images without a version'],
  find: (context) =>
    servicesOf(context)
      .filter(({ service: { image = '', build } }) => isLatest(image, build !== undefined))
      .map(({ at, service }) => at(['image'], `is ${service.image}: name a version`)),
};

function isLatest(image: string, isBuilt: boolean): boolean {
  if (image.includes('@')) return false;
  const [, tag] = (image.split('/').at(-1) ?? '').split(':');
  return tag === undefined ? !isBuilt : tag === 'latest';
}

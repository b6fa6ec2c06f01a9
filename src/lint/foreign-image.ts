import { registryName, registryOf } from '../shared/image-name.ts';
import { type Rule, servicesOf } from './rule.ts';

export const foreignImage: Rule = {
  id: 'foreign-image',
  level: 'warning',
  reason: 'Waggle logs in to REGISTRY only, so a push to another registry fails or reaches the wrong account',
  summary: ['is built, but its image is not in REGISTRY', 'are built, but their images are not in REGISTRY'],
  find(context) {
    const { cluster, registry } = context.draft.settings;
    if (!registry || cluster?.SKIP_BUILD) return [];
    const own = registryName(registry.REGISTRY);
    return servicesOf(context)
      .filter(({ service: { build, image = '' } }) => build !== undefined && registryOf(image) !== own)
      .map(({ at, service: { image = '' } }) =>
        at(
          ['image'],
          `is built and pushed to ${registryOf(image)}, but REGISTRY is ${own}: begin it with \${REGISTRY}/\${REGISTRY_NAMESPACE}/`,
        ),
      );
  },
};

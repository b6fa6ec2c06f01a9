import { mounted, type Shape, texts } from './shape.ts';

/** `build:` of a service, as compose writes it: what Docker itself leaves alone, and Waggle builds with. */
export const build: Shape = {
  either: [
    'text',
    {
      keys: {
        args: 'pairs',
        cache_from: texts,
        cache_to: texts,
        context: 'text',
        dockerfile: 'text',
        network: 'text',
        no_cache: 'boolean',
        platforms: texts,
        pull: 'boolean',
        secrets: mounted,
        ssh: texts,
        target: 'text',
      },
    },
  ],
};

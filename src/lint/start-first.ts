import { type Rule, servicesOf } from './rule.ts';

export const startFirst: Rule = {
  id: 'start-first',
  level: 'warning',
  reason: 'the new task starts while the old one still uses the same port of the node, or the same files',
  summary: [
    'is start-first, but its tasks share a port or a volume',
    'are start-first, but their tasks share a port or a volume',
  ],
  find: (context) =>
    servicesOf(context).flatMap(({ service, at }) => {
      if (service.deploy?.update_config?.order !== 'start-first') return [];
      const path = ['deploy', 'update_config', 'order'];
      const port = service.ports?.find(({ mode }) => mode === 'host');
      const volume = service.volumes?.find(
        ({ type, source = '', read_only }) =>
          type === 'volume' && source && !read_only && isLocal(context.document.volumes?.[source]?.driver),
      );
      return [
        ...(port
          ? [
              at(
                path,
                `is start-first, but the old task holds port ${port.published} of the node: use stop-first`,
              ),
            ]
          : []),
        ...(volume
          ? [
              at(
                path,
                `is start-first, but two tasks would write to the volume ${volume.source}: use stop-first, or mount it read_only`,
              ),
            ]
          : []),
      ];
    }),
};

const isLocal = (driver: string | undefined) => driver === undefined || driver === 'local';

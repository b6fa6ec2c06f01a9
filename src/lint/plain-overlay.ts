import { readPairs } from '../config/pairs.ts';
import type { Rule } from './rule.ts';

export const plainOverlay: Rule = {
  id: 'plain-overlay',
  level: 'warning',
  reason: 'what services tell each other crosses the network between nodes in clear',
  find: ({ document, draft: { positions } }) =>
    Object.entries(document.networks ?? {})
      .filter(([, network]) => !network?.external && (network?.driver ?? 'overlay') === 'overlay')
      .filter(([, network]) => readPairs(network?.driver_opts).encrypted === undefined)
      .map(([name]) => ({
        ...positions.locate(['networks', name]),
        message: `networks.${name} is not encrypted: add driver_opts: { encrypted: "true" }`,
      })),
};

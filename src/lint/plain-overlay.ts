import { readPairs } from '../config/pairs.ts';
import { networkKeys } from '../plan/spec/plan-network.ts';
import { type LintScene, type Rule, servicesOf } from './rule.ts';

const FIX = 'driver_opts: { encrypted: "true" }';

export const plainOverlay: Rule = {
  id: 'plain-overlay',
  level: 'warning',
  reason: 'what services tell each other crosses the network between nodes in clear',
  find: (scene) => [
    ...Object.entries(scene.document.networks ?? {})
      .filter(([, network]) => !network?.external && (network?.driver ?? 'overlay') === 'overlay')
      .filter(([, network]) => readPairs(network?.driver_opts).encrypted === undefined)
      .map(([name]) => ({
        ...scene.draft.positions.locate(['networks', name]),
        message: `networks.${name} is not encrypted: add ${FIX}`,
      })),
    ...findImplicit(scene),
  ],
};

/** Docker makes the network `default` for services that name none, and nobody has declared it. */
function findImplicit(scene: LintScene) {
  if (Object.hasOwn(scene.document.networks ?? {}, 'default')) return [];
  const [first] = servicesOf(scene).filter(({ service }) => networkKeys(service).includes('default'));
  return first ? [first.at([], `is on the default network, unencrypted: declare it with ${FIX}`)] : [];
}

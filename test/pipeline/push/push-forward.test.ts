import { expect, test } from 'vitest';
import { asRan } from '../../../src/pipeline/push/push-forward.ts';
import { facts, service } from '../../fakes/swarm.ts';

test('what goes on from a run that was killed changes what ran before it, not what that left half done', () => {
  const services = [service('shop_api'), service('shop_new')];
  const before = {
    services: services.slice(0, 1),
    networks: [],
    used: [],
    templates: [],
    taskIds: new Set<string>(),
    running: new Map(),
  };
  expect(asRan(facts({ services }), { before }).services).toEqual(before.services);
  expect(asRan(facts({ services }), {}).services).toEqual(services);
});

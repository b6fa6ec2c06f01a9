import { expect, test } from 'vitest';
import { withInterruptedServices } from '../../../src/pipeline/push/push-forward.ts';
import { EMPTY_SNAPSHOT, facts, service } from '../../fakes/swarm.ts';

test('what goes on from a run that was killed changes what ran before it, not what that left half done', () => {
  const services = [service('shop_api'), service('shop_new')];
  const before = { ...EMPTY_SNAPSHOT, services: services.slice(0, 1) };
  expect(withInterruptedServices(facts({ services }), { before }).services).toEqual(before.services);
  expect(withInterruptedServices(facts({ services }), {}).services).toEqual(services);
});

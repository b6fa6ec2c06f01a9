import { expect, test } from 'vitest';
import { isEmpty } from '../../../src/plan/changes/changes.ts';
import { planNetworkChanges } from '../../../src/plan/changes/plan-networks.ts';
import { renderMarkdown } from '../../../src/plan/changes/render-markdown.ts';
import { renderPlan } from '../../../src/plan/changes/render-plan.ts';
import { release } from '../../fakes/inputs.ts';
import { network } from '../../fakes/swarm.ts';

const planned = (declared: string, live = [network('shop_net')]) =>
  planNetworkChanges(
    release({}, `services:\n  web: { image: "web:1", networks: [net] }\nnetworks: { net: ${declared} }\n`),
    live,
  );
const ENCRYPTED = { options: { encrypted: 'true' } };
const LABELLED = { labels: { 'com.docker.stack.namespace': 'shop', team: 'web' } };

test.each([
  ['what the engine fills in', '{}', {}],
  ['what the file says', '{ driver_opts: { encrypted: "true" } }', ENCRYPTED],
  ['an option that the file does not say', '{}', ENCRYPTED],
  ['a label that the file says', '{ labels: { team: web } }', LABELLED],
])('%s is no difference', (_what, declared, live) => {
  expect(planned(declared, [network('shop_net', live)])).toEqual([]);
});

test.each([
  ['{ driver_opts: { encrypted: "true" } }', {}, 'driver_opts.encrypted,'],
  ['{ driver_opts: { encrypted: "" } }', ENCRYPTED, 'driver_opts.encrypted,'],
  ['{ internal: true, attachable: true }', {}, 'internal, attachable,'],
  ['{}', { attachable: true }, 'attachable,'],
  ['{ driver: weave }', {}, 'driver,'],
  ['{ labels: { team: ops } }', LABELLED, 'labels.team,'],
])('%s of a network that exists is said to change nothing', (declared, live, keys) => {
  const networks = planned(declared, [network('shop_net', live)]);
  expect(networks).toEqual([
    { name: 'shop_net', action: 'keep', note: expect.stringContaining(`made with another ${keys} and`) },
  ]);
  const changes = { services: [], objects: [], networks };
  expect(isEmpty(changes)).toBe(true);
  const shown = { title: 'shop', changes, drift: [], obstacles: [] };
  expect(renderPlan(shown)).toContain('! network shop_net: it was made with another');
  expect(renderMarkdown(shown)).toContain('Left as they are:\n- network `shop_net`: it was made');
});

test('networks that leave the file are said to stay, those of other stacks are none of ours', () => {
  const others = [network('shop_old'), network('their_net', { labels: {} }), network('shop_net')];
  expect(planned('{}', others)).toEqual([
    { name: 'shop_old', action: 'keep', note: expect.stringContaining('docker network rm') },
  ]);
  expect(planned('{ external: true, name: their_net }', others).map(({ name }) => name)).toEqual([
    'shop_net',
    'shop_old',
  ]);
});

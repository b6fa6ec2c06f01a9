import { expect, test, vi } from 'vitest';
import { settleConcurrentChange } from '../../../src/pipeline/history/settle-concurrent-change.ts';
import type { Deployment } from '../../../src/pipeline/step.ts';
import { PHASE_LABEL } from '../../../src/plan/labels.ts';
import type { ServiceSpec } from '../../../src/shared/service-spec.ts';
import { facts, service } from '../../fakes/swarm.ts';

const spec = (change: Partial<ServiceSpec> = {}): ServiceSpec => ({
  Name: 'shop_api',
  Mode: { Replicated: { Replicas: 2 } },
  TaskTemplate: { ContainerSpec: { Image: 'r.io/api:1@sha256:aa' } },
  ...change,
});
const of = (one: ServiceSpec) => service(one.Name, { spec: one });
const image = spec({ TaskTemplate: { ContainerSpec: { Image: 'r.io/api:2@sha256:bb' } } });
const scale = spec({ Mode: { Replicated: { Replicas: 5 } } });
const unshown = spec({
  TaskTemplate: { ContainerSpec: { Image: 'r.io/api:1@sha256:aa', Later: 1 } },
} as never);
const job = of({ Name: 'shop_migrate', Labels: { [PHASE_LABEL]: 'release' } });

function settle(now: readonly ServiceSpec[], onMeanwhile?: string, KEEP_LIVE_SCALE = false) {
  const warn = vi.fn();
  const deployment = {
    release: { stack: 'shop', settings: { KEEP_LIVE_SCALE }, templates: [] },
    facts: facts({ services: [of(spec()), job] }),
    tools: { log: { warn } },
    outputs: { onMeanwhile },
  } as unknown as Deployment;
  settleConcurrentChange(deployment, now.map(of));
  return warn.mock.calls.length;
}

test.each([
  ['nothing', [spec()], 0],
  ['an image', [image], 1],
  ['what no line describes', [unshown], 1],
  ['a scale', [scale], 1],
  ['a service that is gone', [], 1],
  ['a service that is new', [spec(), spec({ Name: 'shop_new' })], 1],
])('a change by hand while a run prepares: %s', (_what, now, count) => {
  expect(settle(now)).toBe(count);
  expect(settle(now, 'overwrite')).toBe(count);
  for (const [choice, code] of [
    ['stop', 'DRIFTED'],
    ['adopt', 'DRIFTED'],
    ['refuse', 'PLAN_STALE'],
  ]) {
    const settling = () => settle(now, choice);
    if (count === 0) expect(settling).not.toThrow();
    else expect(settling).toThrow(expect.objectContaining({ code }));
  }
});

test('whoever has the scale may set it at any time', () => {
  expect(settle([scale], 'stop', true)).toBe(0);
});

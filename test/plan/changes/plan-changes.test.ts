import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { Inputs } from '../../../src/config/inputs.ts';
import { isEmpty } from '../../../src/plan/changes/changes.ts';
import type { ClusterFacts } from '../../../src/plan/changes/facts.ts';
import {
  planFilling,
  planChanges as planFromSpecs,
  planSpecs,
} from '../../../src/plan/changes/plan-changes.ts';
import { renderMarkdown } from '../../../src/plan/changes/render-markdown.ts';
import { renderPlan, tintPlan } from '../../../src/plan/changes/render-plan.ts';
import type { Release } from '../../../src/plan/release/release.ts';
import { renderStack } from '../../../src/plan/render/render-stack.ts';
import { gitFacts, release as planRelease } from '../../fakes/inputs.ts';
import { facts, network, node, service, task } from '../../fakes/swarm.ts';

const DIGESTS = { 'web:1': 'sha256:aa', 'web:2': 'sha256:bb' };
const stack = (service: string, top = '') => `services:\n  web:\n    image: web:1\n    ${service}\n${top}`;
const release = (text: string, change: Partial<Inputs> = {}): Release =>
  planRelease(change, text, { objects: { pw: 'hunter2' } });

const planChanges = (one: Release, cluster: ClusterFacts, digests: Readonly<Record<string, string>>) =>
  planFromSpecs(one, cluster, planSpecs(one, cluster, digests));

/** The cluster as a deploy of this release leaves it. */
function deployed(before: Release, change: Partial<ClusterFacts> = {}): ClusterFacts {
  const reusable = Object.fromEntries(
    before.objects.map(({ kind, key, newName }) => [`${kind}/${key}`, newName]),
  );
  const specs = planSpecs(before, facts({ reusable }), DIGESTS);
  const services = [...specs].map(([name, spec]) =>
    service(`shop_${name}`, { spec, wanted: spec.Mode?.Replicated?.Replicas ?? 1 }),
  );
  const tasks = services.map(({ id }) => task({ serviceId: id, nodeId: 'id-m1' }));
  return facts({ services, tasks, reusable, networks: [network('shop_default')], ...change });
}

test('a plan right after a deploy is empty', () => {
  const one = release(
    stack(
      'environment: { A: "1" }\n    ports: ["80:80"]\n    secrets: [pw]',
      'secrets: { pw: { file: pw } }\n',
    ),
  );
  const changes = planChanges(one, deployed(one), DIGESTS);
  expect(isEmpty(changes)).toBe(true);
  expect(renderPlan({ title: 'shop', changes, drift: [], obstacles: [] })).toContain(
    'nothing to do: 1 service as planned',
  );
});

test('what the engine fills in, and the order that it does not care for, are no difference', () => {
  const one = release(stack('environment: { B: "2", A: "1" }'));
  const live = deployed(one);
  const filled = live.services.map((view) => ({
    ...view,
    spec: {
      ...view.spec,
      TaskTemplate: {
        ...view.spec.TaskTemplate,
        Runtime: 'container',
        ForceUpdate: 3,
        Placement: { Platforms: [{ OS: 'linux' }] },
      },
      EndpointSpec: { Mode: 'vip' },
    } as never,
  }));
  expect(isEmpty(planChanges(one, { ...live, services: filled }, DIGESTS))).toBe(true);
});

describe('what changes, and what that does', () => {
  test.each([
    ['image', 'web:1', 'image: web:2', 'restart', 'image'],
    ['a variable', 'environment: { A: "1" }', 'environment: { A: "2" }', 'restart', 'env A'],
    ['a variable more', '', 'environment: { A: "2" }', 'restart', 'env A'],
    ['a variable less', 'environment: { A: "1" }', '', 'restart', 'env A'],
    ['replicas', 'deploy: { replicas: 1 }', 'deploy: { replicas: 3 }', 'update', 'replicas'],
    ['no replicas', 'deploy: { replicas: 1 }', 'deploy: { replicas: 0 }', 'update', 'replicas'],
    ['a label', '', 'deploy: { labels: { a.b: c } }', 'update', 'label a.b'],
    [
      'the rollout',
      '',
      'deploy: { update_config: { failure_action: rollback } }',
      'update',
      'update config failure action',
    ],
    ['a limit', '', 'deploy: { resources: { limits: { cpus: "0.5" } } }', 'restart', 'limit cpus'],
    [
      'a constraint that tasks do not meet',
      '',
      'deploy: { placement: { constraints: [node.role == worker] } }',
      'restart',
      'constraints',
    ],
    [
      'a constraint that tasks meet',
      '',
      'deploy: { placement: { constraints: [node.role == manager] } }',
      'update',
      'constraints',
    ],
    [
      'a preference',
      '',
      'deploy: { placement: { preferences: [{ spread: node.labels.zone }] } }',
      'update',
      'preferences',
    ],
    ['most of a node', '', 'deploy: { placement: { max_replicas_per_node: 1 } }', 'update', 'max replicas'],
    ['a port', '', 'ports: ["80:80"]', 'restart', 'port 80:80/tcp'],
    ['a mount', '', 'volumes: ["/a:/b"]', 'restart', 'mount /b'],
    [
      'the order of mounts',
      'volumes: ["/a:/a", "/b:/b"]',
      'volumes: ["/b:/b", "/a:/a"]',
      'restart',
      'order of mounts',
    ],
    ['a healthcheck', '', 'healthcheck: { test: [CMD, ok] }', 'restart', 'healthcheck test'],
    ['a command', '', 'command: run it', 'restart', 'command'],
    ['the mode', '', 'deploy: { mode: global }', 'recreate', 'mode global'],
  ])('%s', (_what, before, after, action, field) => {
    const now = release(stack(before.replace('web:1', '')));
    const next = release(after.startsWith('image') ? `services:\n  web: { ${after} }\n` : stack(after));
    const [change] = planChanges(next, deployed(now), DIGESTS).services;
    expect(change?.action).toBe(action);
    expect(change?.fields.map(({ name }) => name)).toContain(field);
  });
});

test.each([
  ['replicas: 2', 'mode: global', 2, undefined, 'a task on each node in place of 2 tasks'],
  ['mode: global', 'replicas: 3', 1, 3, '3 tasks in place of 1 task'],
  ['replicas: 1', 'mode: replicated-job, replicas: 2', 1, 2, '2 tasks in place of 1 task'],
])('%s that becomes %s is made again, and is down in between', (before, after, stops, starts, said) => {
  const of = (deploy: string) => release(stack(`deploy: { ${deploy} }`));
  const changes = planChanges(of(after), deployed(of(before)), DIGESTS);
  expect(changes.services).toMatchObject([{ action: 'recreate', stops, starts }]);
  const shown = { title: 'shop', changes, drift: [], obstacles: [] };
  expect(renderPlan(shown)).toContain(`! web: recreate, ${said}`);
  expect(renderPlan(shown)).toContain('with --allow-recreate only');
  expect(renderMarkdown(shown)).toContain('1 to recreate');
  expect(renderMarkdown(shown, ['no-limit: web has no limit'])).toContain('> - no-limit: web has no limit');
});

test.each([
  ['a node less', '', 'constraints: [node.hostname != m3]', ['m1', 'm2', 'm3'], 'update', 1, 0],
  ['a node more', 'constraints: [node.hostname != m3]', '', ['m1', 'm2'], 'update', 0, 1],
  [
    'another node',
    'constraints: [node.hostname == m1]',
    'constraints: [node.hostname == m2]',
    ['m1'],
    'restart',
    1,
    1,
  ],
])('a service on every node that gets %s', (_what, before, after, on, action, stops, starts) => {
  const of = (placement: string) => release(stack(`deploy: { mode: global, placement: { ${placement} } }`));
  const cluster = {
    ...deployed(of(before)),
    nodes: ['m1', 'm2', 'm3'].map((name) => node(name)),
    tasks: on.map((name) => task({ id: name, serviceId: 'id-shop_web', nodeId: `id-${name}` })),
  };
  const services = cluster.services.map((one) => ({ ...one, wanted: on.length }));
  const [change] = planChanges(of(after), { ...cluster, services }, DIGESTS).services;
  expect(change).toMatchObject({ action, stops, starts });
});

test('a live scale is not kept by a service that has no number of replicas any more', () => {
  const of = (deploy: string) =>
    release(stack(`deploy: { ${deploy} }`), { environment: { KEEP_LIVE_SCALE: '1' } });
  expect(planFilling(of('mode: global'), deployed(of('replicas: 2')), DIGESTS).scale).toEqual({});
});

test('what waits for others says so, if it changes', () => {
  const of = (version: string) =>
    release(
      `services:\n  db: { image: db:1 }\n  web: { image: "web:${version}", depends_on: [db] }\n  api: { image: "api:${version}", depends_on: [web] }\n`,
    );
  const notesOf = (version: string) =>
    planChanges(of(version), deployed(of('1')), DIGESTS).services.map(({ name, notes }) => [
      name,
      notes.filter((note) => note.startsWith('begins')),
    ]);
  expect(notesOf('1')).toEqual([
    ['api', []],
    ['db', []],
    ['web', []],
  ]);
  expect(notesOf('2')).toEqual([
    ['api', ['begins when this is done: web']],
    ['db', []],
    ['web', ['begins when this is done: db']],
  ]);
});

test('how consistent a mount is, Swarm does not keep: it makes no difference', () => {
  const mount = (more: string) => release(stack(`volumes: [{ type: bind, source: /a, target: /b${more} }]`));
  expect(isEmpty(planChanges(mount(', consistency: cached'), deployed(mount('')), DIGESTS))).toBe(true);
});

test('values of variables are never in a plan, secrets are told by the names of their versions', () => {
  const text = stack(
    'environment: { DB_PASSWORD: hunter2-db, PLAIN: hunter2 }\n    secrets: [pw]',
    'secrets: { pw: { file: pw } }\n',
  );
  const now = release(
    stack('environment: { DB_PASSWORD: old }\n    secrets: [pw]', 'secrets: { pw: { file: pw } }\n'),
  );
  const next = release(text, { now: new Date('2026-05-01T00:00:00Z') });
  const changes = planChanges(next, { ...deployed(now), reusable: {} }, DIGESTS);
  const shown = { title: 'shop', changes, drift: [], obstacles: [] };
  const all = [JSON.stringify(changes), renderPlan(shown), renderMarkdown(shown)];
  for (const text of all) expect(text).not.toMatch(/hunter2|old/);
  expect(all[1]).toContain('env DB_PASSWORD  changed (its value is not shown)');
  expect(all[1]).toContain('rotates: shop_pw_abc1234_20260413120000 -> shop_pw_abc1234_20260501000000');
});

test('an image that is built again from the same clean commit is no change', () => {
  const text = 'services:\n  web: { build: ., image: web }\n';
  const live = deployed(release(text));
  const services = live.services.map((view) => ({
    ...view,
    spec: {
      ...view.spec,
      TaskTemplate: { ...view.spec.TaskTemplate, ContainerSpec: { Image: 'web:abc1234@sha256:aa' } },
    },
  }));
  const actions = (dirty: boolean) =>
    planChanges(release(text, { git: gitFacts({ dirty }) }), { ...live, services }, {}).services.map(
      ({ action }) => action,
    );
  expect(actions(false)).toEqual(['nothing']);
  expect(actions(true)).toEqual(['restart']);
});

test('ports do not restart tasks that a change of constraints leaves where they are, and that is said', () => {
  const now = release(stack(''));
  const next = release(
    stack('ports: ["80:80"]\n    deploy: { placement: { constraints: [node.role == manager] } }'),
  );
  const [change] = planChanges(next, deployed(now), DIGESTS).services;
  expect(change).toMatchObject({
    action: 'update',
    stops: 0,
    notes: [expect.stringContaining('does not publish the new ports')],
  });
});

test('services come and go, in a stable order, networks with them', () => {
  const now = release(
    'services:\n  b: { image: web:1 }\n  gone: { image: web:1, deploy: { replicas: 3 } }\n',
  );
  const next = release(
    'services:\n  b: { image: web:1 }\n  a: { image: web:1, networks: [net] }\nnetworks: { net: {} }\n',
  );
  const changes = planChanges(next, deployed(now), DIGESTS);
  expect(changes.services.map(({ name, action, stops, starts }) => [name, action, stops, starts])).toEqual([
    ['a', 'create', 0, 1],
    ['b', 'nothing', 0, 0],
    ['gone', 'remove', 3, 0],
  ]);
  expect(changes.networks).toEqual([{ name: 'shop_net', action: 'create' }]);
});

test('a plan has colours where they are wanted, and the same words without', () => {
  const one = release(stack(''));
  const shown = { title: 'shop', changes: planChanges(one, facts(), DIGESTS), drift: [], obstacles: [] };
  const coloured = renderPlan(shown).split('\n').map(tintPlan).join('\n');
  expect(coloured).toContain('\u001b[32m+ web: create, 1 task\u001b[0m');
  expect(stripVTControlCharacters(coloured)).toBe(renderPlan(shown));
});

test.each([
  ['another tag of the same digest', 'web:3', 'sha256:aa', true],
  ['another digest', 'web:3', 'sha256:bb', false],
  ['the same digest in another repository', 'r.io/web:3', 'sha256:aa', false],
  ['a port before the path', 'r.io:5000/web:3', 'sha256:aa', false],
])('%s restarts nothing: %s', (_what, image, digest, isKept) => {
  const before = release(stack('user: x'));
  const after = release(stack('user: x').replace('web:1', image));
  const changes = planChanges(after, deployed(before), { [image]: digest });
  expect(isEmpty(changes)).toBe(isKept);
});

test('a service that keeps its reference is sent with it', () => {
  const after = release(stack('user: x').replace('web:1', 'web:3'));
  const filling = planFilling(after, deployed(release(stack('user: x'))), { 'web:3': 'sha256:aa' });
  expect(renderStack(after, filling)).toContain('"image": "web:1@sha256:aa"');
});

test('a live scale is overwritten unless it is to be kept', () => {
  const one = release(stack('deploy: { replicas: 2 }'));
  const live = deployed(one);
  const scaled = live.services.map((view) => ({
    ...view,
    wanted: 5,
    spec: { ...view.spec, Mode: { Replicated: { Replicas: 5 } } },
  }));
  const planned = (environment: Record<string, string>) =>
    planChanges(
      release(stack('deploy: { replicas: 2 }'), { environment }),
      { ...live, services: scaled },
      DIGESTS,
    ).services[0];
  expect(planned({})).toMatchObject({
    action: 'update',
    stops: 3,
    notes: [expect.stringContaining('is overwritten')],
  });
  expect(planned({ KEEP_LIVE_SCALE: '1' })).toMatchObject({
    action: 'nothing',
    notes: [expect.stringContaining('keeps its 5')],
  });
});

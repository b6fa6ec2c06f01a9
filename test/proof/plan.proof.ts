// Proves: what a plan says is what Docker then does, for each kind of change; a saved plan is applied exactly or refused.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Output } from '../../src/lab/machine.ts';
import { PROJECT } from '../../src/lab/move-in.ts';
import { REGISTRY } from '../../src/lab/topology.ts';
import { FAILURES } from '../../src/shared/errors.ts';
import { readState } from '../lab/cluster.ts';
import { kinds } from '../lab/kinds-of-change.ts';
import { labUp } from '../lab/lab.ts';
import { Operator } from '../lab/operator.ts';
import { PARTS, type Parts, Probe } from '../lab/probe.ts';
import { retagFor } from '../lab/registry.ts';
import { reset } from '../lab/reset.ts';

const lab = await labUp();
const [manager] = lab.managers;
const probe = new Probe(new Operator(lab));

const ARM_IMAGE = `${REGISTRY.host}/library/redis:arm`;
const CHANGES = 2;
const said: Output[] = [];
async function run(argv: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Output> {
  const output = await probe.run(argv, env);
  said.push(output);
  return output;
}
async function deploy(env: Readonly<Record<string, string>> = {}): Promise<Output> {
  const output = await run(['deploy'], env);
  expect(output.code, output.stderr).toBe(0);
  return output;
}

beforeAll(async () => {
  await reset(lab);
  await probe.operator.checkOut();
  await probe.setUp();
});

afterEach(() => {
  const all = said.map(({ stdout, stderr }) => stdout + stderr).join();
  for (const value of ['hunter2', REGISTRY.password])
    expect(all.includes(value), `${value} in the output`).toBe(false);
});

afterAll(() => reset(lab));

test('a plan of a new stack creates everything, and says the same as JSON, as text and for a pull request', async () => {
  const { plan, output } = await probe.plan();
  expect(output.code, output.stderr).toBe(CHANGES);
  expect(plan.services).toMatchObject([
    { name: 'side', action: 'create', starts: 1 },
    { name: 'web', action: 'create', starts: 2 },
  ]);
  expect(plan.objects.map(({ key, action }) => [key, action])).toEqual([
    ['settings', 'create'],
    ['password', 'create'],
  ]);
  expect(plan.networks).toEqual([{ name: 'probe_default', action: 'create' }]);
  const text = await run(['plan']);
  expect(text.code, text.stderr).toBe(0);
  expect(text.stdout).toContain('+ web: create, 2 tasks');
  expect((await run(['plan', '--markdown'])).stdout).toContain('| web | create, 2 tasks |');
});

test('a plan right after a deploy is empty, and deploying again restarts nothing', async () => {
  await deploy();
  const before = await probe.tasks();
  expect(before).toMatchObject({ web: [expect.any(String), expect.any(String)], side: [expect.any(String)] });
  const { plan, output } = await probe.plan();
  expect(output.code, output.stderr).toBe(0);
  expect(plan.services.map(({ action }) => action)).toEqual(['nothing', 'nothing']);
  expect(plan.objects.map(({ action }) => action)).toEqual(['reuse', 'reuse']);
  await deploy();
  expect(await probe.tasks()).toEqual(before);
});

describe('what a plan says is what Docker then does', () => {
  let parts: Partial<Parts> = {};

  test.each(kinds)('$what', async ({ change = {}, file, env = {}, labelsFreeNode, action, field }) => {
    parts = { ...parts, ...change };
    await probe.setStack(parts);
    if (file) await probe.setFile(...file);
    if (labelsFreeNode)
      await manager.run(['docker', 'node', 'update', '--label-add', 'new=yes', await probe.freeNode()]);
    const before = await probe.tasks();
    const { plan } = await probe.plan(env);
    const web = plan.services.find(({ name }) => name === 'web');
    expect(web?.action).toBe(action);
    if (field) expect(web?.fields.map(({ name }) => name)).toContain(field);

    await deploy(env);
    const after = await probe.tasks();
    expect(after.side).toEqual(before.side);
    const kept = before.web?.filter((id) => after.web?.includes(id)).length ?? 0;
    expect((before.web?.length ?? 0) - kept).toBe(web?.stops);
    expect((after.web?.length ?? 0) - kept).toBe(web?.starts);
  });

  test('a service that is added and one that is gone', async () => {
    await probe.setStack({});
    await deploy();
    await probe.setStack({
      extra: `more: { image: ${PARTS.image}, command: [redis-server], deploy: { endpoint_mode: dnsrr } }`,
    });
    expect((await probe.plan()).plan.services.map(({ name, action }) => [name, action])).toEqual([
      ['more', 'create'],
      ['side', 'nothing'],
      ['web', 'nothing'],
    ]);
    await deploy();
    expect(Object.keys(await probe.tasks()).sort()).toEqual(['more', 'side', 'web']);
    await probe.setStack({});
    expect((await run(['plan'])).stdout).toContain('- more: remove, 1 task');
    await deploy();
    expect(Object.keys(await probe.tasks()).sort()).toEqual(['side', 'web']);
  });

  test('another definition of a network that exists is said to change nothing, and changes nothing', async () => {
    await probe.setStack({ top: 'networks: { default: { attachable: true } }' });
    const before = await probe.tasks();
    const { plan, output } = await probe.plan();
    expect(output.code, output.stderr).toBe(0);
    const note = expect.stringContaining('attachable');
    expect(plan.networks).toContainEqual({ name: 'probe_default', action: 'keep', note });
    await deploy();
    expect(await probe.tasks()).toEqual(before);
    expect((await probe.plan()).plan.networks).toEqual(plan.networks);
    await probe.setStack({});
  });

  test('a scale that was set by hand is overwritten, or kept, and said', async () => {
    await manager.run(['docker', 'service', 'scale', 'probe_web=3']);
    expect((await run(['plan'])).stdout).toContain('the live scale is overwritten');
    const kept = await probe.plan({ KEEP_LIVE_SCALE: '1' });
    expect(kept.plan.services.map(({ action }) => action)).toEqual(['nothing', 'nothing']);
    await deploy({ KEEP_LIVE_SCALE: '1' });
    expect((await probe.tasks()).web).toHaveLength(3);
    await deploy();
    expect((await probe.tasks()).web).toHaveLength(2);
  });
});

describe('a saved plan', () => {
  const planned = async () => {
    const output = await run(['plan', '--out', 'plan.json']);
    expect(output.code, output.stderr).toBe(0);
  };

  test('is applied exactly', async () => {
    await probe.setStack({ environment: '{ A: "saved" }' });
    await planned();
    const output = await run(['deploy', 'plan.json']);
    expect(output.code, output.stderr).toBe(0);
    const { release } = JSON.parse(await probe.operator.sh('cat plan.json'));
    expect(output.stdout).toContain(`release ${release} of probe runs`);
    expect((await probe.plan()).output.code).toBe(0);
  });

  test('is refused when the cluster moved', async () => {
    await planned();
    await manager.run(['docker', 'service', 'update', '--detach', '--label-add', 'by=hand', 'probe_web']);
    const before = await readState(lab);
    const { code, stderr } = await run(['deploy', 'plan.json']);
    expect(code, stderr).toBe(FAILURES.PLAN_STALE);
    expect(stderr).toContain('probe_web was changed');
    expect(await readState(lab)).toEqual(before);
  });

  test('is refused when a secret is another one', async () => {
    await planned();
    await probe.setFile('secrets/password.txt', 'probe-hunter2-moved');
    const { code, stderr } = await run(['deploy', 'plan.json']);
    expect(code, stderr).toBe(FAILURES.PLAN_STALE);
    expect(stderr).toContain('secrets are not those that the plan was made from');
  });

  test('is refused when a hook is another one', async () => {
    await probe.setHook('pre-deploy', 'true');
    await planned();
    await probe.setHook('pre-deploy', 'echo another');
    const { code, stderr } = await run(['deploy', 'plan.json']);
    expect(code, stderr).toBe(FAILURES.PLAN_STALE);
    await probe.operator.machine.run(['rm', '-r', `${PROJECT}/deploy/probe/hooks`]);
  });
});

describe('what Swarm could not place', () => {
  beforeAll(() => retagFor(lab, 'library/redis', ['7', 'arm'], 'arm64'));

  test.each([
    [
      'a constraint nobody meets',
      { placement: 'placement: { constraints: [node.labels.disk == ssd] }' },
      'm2: does not meet node.labels.disk == ssd',
    ],
    [
      'more memory than there is',
      { placement: 'resources: { reservations: { memory: 900G } }' },
      'are reserved',
    ],
    ['more processors than there are', { placement: "resources: { reservations: { cpus: '640' } }" }, 'CPUs'],
    [
      'a kind of resource that no node has',
      {
        placement:
          'resources: { reservations: { generic_resources: [{ discrete_resource_spec: { kind: gpu, value: 1 } }] } }',
      },
      'gpu',
    ],
    ['an image for another platform', { image: ARM_IMAGE }, 'linux/arm64'],
    [
      'a task to start before the one it replaces, where each node may have one',
      {
        deploy: 'replicas: 3',
        placement: 'placement: { max_replicas_per_node: 1 }',
        update: '{ parallelism: 1, order: start-first, monitor: 1s }',
      },
      'start-first',
    ],
    [
      'a port of the node for more tasks than nodes',
      { deploy: 'replicas: 4', web: 'ports: [{ target: 1, published: 16379, mode: host }]' },
      'there is room for 3',
    ],
    [
      'more replicas than each node may have',
      { deploy: 'replicas: 4', placement: 'placement: { max_replicas_per_node: 1 }' },
      'has its 1 replicas',
    ],
    [
      'a network that is not there',
      { web: 'networks: [elsewhere]', top: 'networks: { elsewhere: { external: true } }' },
      'the network elsewhere is external and is not in the cluster',
    ],
  ])('%s: the plan names it and a deploy refuses', async (_what, change, expected) => {
    await probe.setStack(change);
    const before = await readState(lab);
    const shown = await run(['plan']);
    expect(shown.code, shown.stderr).toBe(FAILURES.PREFLIGHT_FAILED);
    expect(shown.stdout).toContain(expected);
    const { code, stderr } = await run(['deploy']);
    expect(code, stderr).toBe(FAILURES.PREFLIGHT_FAILED);
    expect(stderr).toContain(expected);
    expect(await readState(lab)).toEqual(before);
  });

  test('a drained node and the room that is left count', async () => {
    await probe.setStack({ deploy: 'replicas: 3', placement: 'placement: { max_replicas_per_node: 1 }' });
    await manager.run(['docker', 'node', 'update', '--availability', 'drain', 'm3']);
    const { stdout } = await run(['plan']);
    await manager.run(['docker', 'node', 'update', '--availability', 'active', 'm3']);
    expect(stdout).toContain('m3: is set to drain');
    expect((await run(['plan'])).code).toBe(0);
  });
});

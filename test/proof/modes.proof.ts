// Proves: a service whose mode changes is made again only for who asks, and is what it was after a failure; global ones are planned right.
import { afterEach, beforeAll, expect, test } from 'vitest';
import { FAILURES } from '../../src/shared/errors.ts';
import { findResidue, readOpenRecords, readServices, readSpecs, readState } from '../lab/cluster.ts';
import { probeOnCleanLab } from '../lab/probe-on-clean-lab.ts';

const { lab, probe } = await probeOnCleanLab();
const GLOBAL = { deploy: 'mode: global' };
const ASKED = ['deploy', '--allow-recreate'];

async function deploy(argv: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<void> {
  const { code, stderr } = await probe.run(argv, env);
  expect(code, stderr).toBe(0);
}

const readWeb = async () => (await readSpecs(lab)).find(({ Name }) => Name === 'probe_web');
const modeOf = async () => Object.keys((await readWeb())?.Mode ?? {});

beforeAll(async () => {
  await deploy(['deploy']);
});

afterEach(async () => {
  expect(await findResidue(lab), 'credentials left behind').toEqual([]);
  expect(await readOpenRecords(lab), 'locks and journals left behind').toEqual([]);
});

test('the plan says that it is made again, and a deploy that was not asked to touches nothing', async () => {
  await probe.setStack(GLOBAL);
  const before = await readState(lab);
  const { plan } = await probe.plan();
  expect(plan.services).toMatchObject([
    { name: 'side', action: 'nothing' },
    { name: 'web', action: 'recreate', stops: 2 },
  ]);
  expect((await probe.run(['plan'])).stdout).toContain(
    '! web: recreate, a task on each node in place of 2 tasks',
  );
  const { code, stderr } = await probe.run(['deploy']);
  expect(code, stderr).toBe(FAILURES.PREFLIGHT_FAILED);
  expect(stderr).toContain('only with --allow-recreate');
  expect(await readState(lab)).toEqual(before);
});

test('a deploy that fails after it makes again what was', async () => {
  const before = await readWeb();
  await probe.setStack({
    ...GLOBAL,
    sideKeys: 'healthcheck: { test: [CMD, "false"], interval: 1s, retries: 1 }',
  });
  const { code, stderr } = await probe.run(ASKED);
  expect(code, stderr).toBe(FAILURES.NOT_CONVERGED);
  expect(await readWeb()).toEqual(before);
  expect((await probe.tasks()).web).toHaveLength(2);
});

test('a run that is killed once it was removed is put back by the next', async () => {
  const before = await readWeb();
  await probe.setStack(GLOBAL);
  const running = probe.operator.startWaggle([...ASKED, '--env', 'probe'], {
    env: { DEPLOY_TAG: 'v2' },
    onOutput: (text) => text.includes('> wait for convergence') && running.kill('SIGKILL'),
  });
  await running.output;
  expect(await modeOf()).toEqual(['Global']);
  await probe.unlock();
  await probe.setStack({});
  await deploy(['deploy', '--on-interrupted=rollback']);
  expect((await readWeb())?.Mode).toEqual(before?.Mode);
});

test('when asked for, each node runs one, and a plan after it is empty', async () => {
  await probe.setStack(GLOBAL);
  const before = await probe.tasks();
  await deploy(ASKED, { DEPLOY_TAG: 'v3' });
  expect(await modeOf()).toEqual(['Global']);
  const after = await probe.tasks();
  expect(after.web).toHaveLength(3);
  expect(after.web?.filter((id) => before.web?.includes(id))).toEqual([]);
  expect(after.side).toEqual(before.side);
  expect((await probe.plan({ DEPLOY_TAG: 'v3' })).output.code).toBe(0);
});

test('a rollback to the release before makes it again, unasked', async () => {
  const { code, stdout, stderr } = await probe.run(['rollback']);
  expect(code, stderr).toBe(0);
  expect(stdout).toContain('probe_web is down for a while');
  expect(await modeOf()).toEqual(['Replicated']);
  expect((await probe.tasks()).web).toHaveLength(2);
});

test('a saved plan that says so is agreed to', async () => {
  await deploy(['plan', '--out', 'plan.json']);
  await deploy(['deploy', 'plan.json']);
  expect(await modeOf()).toEqual(['Global']);
});

test.each([
  ['a variable', { environment: '{ A: "3", B: "2" }' }, 'restart'],
  ['a label', { deploy: 'mode: global\n      labels: { a.b: c }' }, 'update'],
  ['a node less', { placement: 'placement: { constraints: [node.hostname != m3] }' }, 'update'],
])('of one on each node, too, the plan says what Docker then does: %s', async (_what, change, action) => {
  await probe.setStack({ ...GLOBAL, ...change });
  const before = await probe.tasks();
  const { plan } = await probe.plan();
  const web = plan.services.find(({ name }) => name === 'web');
  expect(web?.action).toBe(action);
  await deploy(['deploy']);
  const after = await probe.tasks();
  const kept = before.web?.filter((id) => after.web?.includes(id)).length ?? 0;
  expect((before.web?.length ?? 0) - kept).toBe(web?.stops);
  expect((after.web?.length ?? 0) - kept).toBe(web?.starts);
  await probe.setStack(GLOBAL);
  await deploy(['deploy']);
});

/** Its tasks take their time to end. */
const SLOW = {
  web: 'entrypoint: [/bin/sh, -c, "trap : TERM; while :; do sleep 1; done"]\n    stop_grace_period: 15s',
};

const idOfWeb = async () =>
  (await readServices(lab)).find(({ Spec: { Name } }) => Name === 'probe_web')?.ID ?? '';

/** Of a service that may be gone, on every node. */
async function findContainers(id: string): Promise<readonly string[]> {
  const ask = ['docker', 'ps', '--quiet', '--filter', `label=com.docker.swarm.service.id=${id}`];
  const found = await Promise.all(lab.managers.map((manager) => manager.run(ask)));
  return found.filter(Boolean);
}

/** The containers of the service that was, when that in its place has its first word; and how the command ended. */
async function watch(argv: readonly string[]) {
  const old = await idOfWeb();
  let left: Promise<readonly string[]> | undefined;
  const running = probe.operator.startWaggle([...argv, '--env', 'probe'], {
    env: { DEPLOY_TAG: 'v4' },
    onOutput: (text) => {
      if (left === undefined && /probe_web \d\/\d/.test(text)) left = findContainers(old);
    },
  });
  return { ...(await running.output), left: await left };
}

test('it is made again when its last task has ended, and not before, by a deploy and by a rollback', async () => {
  await probe.setStack(SLOW);
  await deploy(ASKED);
  await probe.setStack({ ...SLOW, ...GLOBAL });
  expect(await watch(ASKED)).toMatchObject({ code: 0, left: [] });
  expect(await modeOf()).toEqual(['Global']);
  expect(await watch(['rollback'])).toMatchObject({ code: 0, left: [] });
  expect(await modeOf()).toEqual(['Replicated']);
});

import { beforeAll, expect } from 'vitest';
import { until } from '../../src/lab/engine.ts';
import { FAILURES } from '../../src/shared/errors.ts';
import { readRunning, readState, readVersion } from '../lab/cluster.ts';
import { labUp } from '../lab/lab.ts';
import { reset } from '../lab/reset.ts';
import { scenarios } from '../lab/scenario.ts';
import { Shop } from '../lab/shop.ts';

/** A deploy that fails, or is stopped, puts the whole stack back. */
const lab = await labUp();
const shop = new Shop(lab);
const { operator } = shop;
const scenario = scenarios(lab, [operator]);
/** Another version by its settings alone: its images are those of v1. */
const V2 = { SKIP_BUILD: '1', DEPLOY_TAG: 'v1', LOG_LEVEL: 'debug' };

beforeAll(() => reset(lab));

scenario('a worker that crashes at start: everything is put back', async () => {
  const before = await shop.fromRunning('v1');
  const { code, stderr } = await shop.deploy({ ...V2, FAULT_WORKER: 'worker-crash' });
  expect(code, stderr).toBe(FAILURES.NOT_CONVERGED);
  expect(stderr).toContain('shop_worker');
  expect(stderr).toContain('non-zero exit (1)');
  expect(stderr).toContain('worker: cannot parse the job schema');
  expect(await readState(lab)).toEqual(before);
  expect(await readVersion(lab)).toBe('v1');
});

scenario('an api that is not healthy over HTTP: everything is put back', async () => {
  const before = await shop.fromRunning('v1');
  const { code, stderr } = await operator.startWaggle(['deploy'], {
    env: { ...V2, FAULT_API: 'api-unhealthy' },
  }).output;
  expect(code, stderr).toBe(FAILURES.UNHEALTHY);
  expect(stderr).toContain('it answered 503');
  expect(await readState(lab)).toEqual(before);
});

scenario('Ctrl-C in the middle of convergence: everything is put back', async () => {
  const before = await shop.fromRunning('v1');
  const tasks = new Set((await readRunning(lab)).map(({ task }) => task));
  const running = shop.start(V2);
  let isOver = false;
  void running.output.finally(() => (isOver = true));
  const isNew = async () => (await readRunning(lab)).some(({ task }) => !tasks.has(task));
  await until('a task of the new version runs', async () => isOver || (await isNew()));
  await running.kill('SIGINT');
  const { code, stderr } = await running.output;
  expect(code, stderr).toBe(FAILURES.CANCELLED);
  expect(stderr).toContain('stopped by SIGINT');
  expect(await readState(lab)).toEqual(before);
});

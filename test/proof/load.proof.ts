// Proves: no request to the reference API fails during a good deploy, a failing one and its restore.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../../src/lab/engine.ts';
import { FAILURES } from '../../src/shared/errors.ts';
import { labUp } from '../lab/lab.ts';
import { Operator } from '../lab/operator.ts';
import { reset } from '../lab/reset.ts';

/** What the users of the reference API notice of a deploy, asked through a proxy all the time: nothing. */
const lab = await labUp();
const operator = new Operator(lab);
const SCRIPT = '/run/load.mjs';
let first: string;

beforeAll(async () => {
  await reset(lab);
  await operator.checkOut();
  await lab.bastion.writeFile(SCRIPT, readFileSync(new URL('../lab/load.mjs', import.meta.url), 'utf8'));
  first = await operator.sh('git rev-parse --short HEAD');
  const { code, stderr } = await operator.waggle(['deploy']);
  expect(code, stderr).toBe(0);
});
afterAll(() => reset(lab));

interface Counts {
  readonly requests: number;
  readonly failed: number;
  readonly versions: Readonly<Record<string, number>>;
}

/** Asks all the while; gives what came of it. */
async function underLoad(work: () => Promise<void>): Promise<Counts> {
  let said = '';
  const load = lab.bastion.start(['node', SCRIPT], { onOutput: (text) => (said += text) });
  await until('it asks', async () => said.includes('asking'));
  try {
    await work();
  } finally {
    await load.kill('SIGTERM');
  }
  return JSON.parse((await load.output).stdout);
}

test('no request fails during a good deploy', async () => {
  const tag = await operator.commit('a good version');
  const counts = await underLoad(async () => {
    const { code, stderr } = await operator.waggle(['deploy']);
    expect(code, stderr).toBe(0);
  });
  expect(counts.failed, JSON.stringify(counts)).toBe(0);
  expect(Object.keys(counts.versions).sort()).toEqual([first, tag].sort());
  expect(counts.requests).toBeGreaterThan(100);
});

test('no request fails during a deploy that fails, nor while the version before comes back', async () => {
  const good = await operator.sh('git rev-parse --short HEAD');
  const bad = await operator.commit('a version that is not healthy');
  const counts = await underLoad(async () => {
    const { code, stderr } = await operator.waggle(['deploy'], { env: { FAULT_API: 'api-unhealthy' } });
    expect(code, stderr).toBe(FAILURES.UNHEALTHY);
  });
  expect(counts.failed, JSON.stringify(counts)).toBe(0);
  expect(Object.keys(counts.versions).sort()).toEqual([good, bad].sort());
  expect(counts.requests).toBeGreaterThan(100);
});

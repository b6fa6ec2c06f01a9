// Proves: after a run has ended, by whatever exit code, a `docker stack deploy` that it left on a manager changes nothing.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Output } from '../../src/lab/machine.ts';
import { FAILURES } from '../../src/shared/errors.ts';
import { findResidue, readOpenRecords } from '../lab/cluster.ts';
import { hangEngine, wakeEngine } from '../lab/faults.ts';
import { labUp } from '../lab/lab.ts';
import {
  BAD,
  breakWay,
  deploySlowly,
  expectNoClient,
  freeze,
  GOOD,
  healLeftBehind,
  LeftBehind,
  moveVersion,
  openWay,
  type SlowDeploy,
  wake,
} from '../lab/left-behind.ts';
import { Operator } from '../lab/operator.ts';
import { Probe } from '../lab/probe.ts';
import { reset } from '../lab/reset.ts';

const lab = await labUp();
const [m1] = lab.managers;
const operators = [lab.workstation, lab.laptop].map((machine) => new Operator(lab, machine));
const FROZEN_MS = 40_000;
const BROKEN_MS = 90_000;
/** A slow client needs about this long for all services. */
const CLIENT_MS = 6_000;
const FIXED_MS = 1_500;
/** From the last fault to the last look. */
const QUIET_MS = Number(process.env.WAGGLE_QUIET_MS ?? 120_000);

/** The same for the same seed. */
const seed = Number(process.env.WAGGLE_SEED ?? Date.now() % 1_000_000);
console.log(`figure: seed ${seed}`);
let state = seed;
function atRandom(): number {
  state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
  return Math.round((state / 2_147_483_648) * CLIENT_MS);
}

/** All stacks so far: what a case has left of its stack must stay while the others run. */
const stacks: LeftBehind[] = [];

/** A stack for each of these deploys. */
async function setUp(deploys: readonly Omit<SlowDeploy, 'of'>[]): Promise<readonly SlowDeploy[]> {
  const all = deploys.map((deploy, at) => ({ ...deploy, of: new LeftBehind(lab, nameFor(deploy, at)) }));
  await Promise.all(all.map(({ of }) => of.setUp()));
  stacks.push(...all.map(({ of }) => of));
  return all;
}

const nameFor = ({ ms, env }: Omit<SlowDeploy, 'of'>, at: number) =>
  `left${stacks.length + at}-${ms}ms-${env.DEPLOY_HEALTHCHECK_URL === GOOD.DEPLOY_HEALTHCHECK_URL ? 'good' : 'bad'}`;

const ofBoth = () =>
  [FIXED_MS, atRandom()].flatMap((ms) => [
    { ms, env: GOOD },
    { ms, env: BAD },
  ]);

async function expectAsSaid(deploys: readonly SlowDeploy[], outputs: readonly Output[]): Promise<void> {
  for (const [at, { of }] of deploys.entries()) {
    const output = outputs[at];
    if (output) await of.expectAsSaid(output);
  }
}

async function expectQuiet(): Promise<void> {
  await expectNoClient(lab.managers);
  for (const stack of stacks) await stack.expectQuiet();
}

beforeAll(async () => {
  await healLeftBehind(lab);
  await reset(lab);
  const ca = GOOD.NODE_EXTRA_CA_CERTS;
  await lab.laptop.writeFile(ca, await lab.workstation.run(['cat', ca]));
  for (const operator of operators) await operator.checkOut();
});
afterAll(() => reset(lab));
afterEach(async () => {
  await healLeftBehind(lab);
  expect(await findResidue(lab), 'credentials left behind').toEqual([]);
  const open = await readOpenRecords(lab);
  expect(open.filter((name) => name.endsWith('.lock'))).toEqual([]);
  // A run that went well and could not reach m1 again says that it leaves its journal open.
  const may = stacks.filter(({ isOpen }) => isOpen);
  const others = open.filter((name) => !may.some(({ stack }) => name.startsWith(`${stack}.`)));
  expect(others, 'journals left behind').toEqual([]);
});

test('an update by which only the version of a service moves restarts no task', async () => {
  const probe = new Probe(new Operator(lab));
  await probe.setUp();
  const { code, stderr } = await probe.run(['deploy']);
  expect(code, stderr).toBe(0);
  const before = await probe.tasks();
  for (const service of ['probe_web', 'probe_side'])
    expect(await moveVersion(lab, service)).toBeGreaterThan(0);
  await sleep(10_000);
  expect(await probe.tasks()).toEqual(before);
});

test('a manager that stands still for 40 s', async () => {
  const deploys = await setUp(ofBoth());
  let woken: Promise<unknown> = Promise.resolve();
  const outputs = await deploySlowly(lab.managers, deploys, async () => {
    await freeze(lab, m1);
    woken = sleep(FROZEN_MS).then(() => wake(lab, m1));
  });
  await expectAsSaid(deploys, outputs);
  await woken;
  await expectQuiet();
});

test('a manager to which the way breaks for 90 s', async () => {
  const deploys = await setUp(ofBoth());
  let healed: Promise<unknown> = Promise.resolve();
  const outputs = await deploySlowly(lab.managers, deploys, async () => {
    await breakWay(m1);
    healed = sleep(BROKEN_MS).then(() => openWay(m1));
  });
  await expectAsSaid(deploys, outputs);
  await healed;
  await expectQuiet();
});

test('a manager that stays away: the run says so, and the next one settles it', async () => {
  const deploys = await setUp([{ ms: FIXED_MS, env: BAD }]);
  const outputs = await deploySlowly(lab.managers, deploys, () => freeze(lab, m1));
  for (const { code, stdout, stderr } of outputs) {
    expect(code, stdout + stderr).toBe(FAILURES.RESTORE_FAILED);
    expect(stderr).toContain('bastion.lab:2201');
  }
  await expectAsSaid(deploys, outputs);
  await wake(lab, m1);
  await expectQuiet();
  for (const { of } of deploys) {
    const output = await of.takeOver('rollback');
    expect(output.code, output.stdout + output.stderr).toBe(0);
    await of.expectAsSaid(output);
  }
});

test.each([
  [[FIXED_MS, atRandom()], 'resume', 'goes on while the others wait'] as const,
  [[atRandom()], 'rollback', 'goes on when the other is done'] as const,
])(
  'a manager whose dockerd hangs, %j ms after its clients began, the operator gone: another one by %s; it %s',
  async (moments, choice, when) => {
    const env = { DEPLOY_TIMEOUT: '120' };
    const deploys = await setUp(moments.map((ms) => ({ ms, env: { ...GOOD, ...env } })));
    await deploySlowly(lab.managers, deploys, async (runs) => {
      await hangEngine(m1);
      for (const { kill } of runs) await kill();
    });
    const goesOn = when.includes('while') ? sleep(75_000).then(() => wakeEngine(m1)) : Promise.resolve();
    const outputs = await Promise.all(deploys.map(({ of }) => of.takeOver(choice, env)));
    for (const { code, stdout, stderr } of outputs) expect(code, stdout + stderr).toBe(0);
    await expectAsSaid(deploys, outputs);
    await goesOn;
    await wakeEngine(m1);
    await expectQuiet();
  },
);

test(`${QUIET_MS / 60_000} minutes later every stack is as its last run has said`, async () => {
  await sleep(QUIET_MS);
  await expectQuiet();
});

test('the next deploy settles what a run has left open', async () => {
  for (const stack of stacks.filter(({ isOpen }) => isOpen)) {
    const { code, stdout, stderr } = await stack.deploy(GOOD, async () => {});
    expect(code, stdout + stderr).toBe(0);
  }
  expect(await readOpenRecords(lab)).toEqual([]);
});

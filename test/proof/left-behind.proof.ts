// Proves: after a run has ended, by whatever exit code, a `docker stack deploy` that it left on a manager changes nothing.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Output } from '../../src/lab/machine.ts';
import { FAILURES } from '../../src/shared/errors.ts';
import { findResidue, readOpenRecords } from '../lab/cluster.ts';
import { labUp } from '../lab/lab.ts';
import { BAD, breakWay, GOOD, goOnEngine, hangEngine, LeftBehind, openWay } from '../lab/left-behind.ts';
import { reset } from '../lab/reset.ts';

const lab = await labUp();
const [m1] = lab.managers;
const scene = new LeftBehind(lab);
const FROZEN_MS = 40_000;
/** A slow client needs about so long for all services. */
const CLIENT_MS = 8_000;

/** The same for the same seed. */
const seed = Number(process.env.WAGGLE_SEED ?? Date.now() % 1_000_000);
console.log(`figure: seed ${seed}`);
let state = seed;
function atRandom(): number {
  state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
  return Math.round((state / 2_147_483_648) * CLIENT_MS);
}

beforeAll(async () => {
  await scene.heal();
  await reset(lab);
  await scene.setUp();
});
afterAll(() => reset(lab));
afterEach(async () => {
  await scene.heal();
  expect(await findResidue(lab), 'credentials left behind').toEqual([]);
  expect(await readOpenRecords(lab), 'locks and journals left behind').toEqual([]);
});

const moments = (fixed: number) => [fixed, atRandom()];
const ofBoth = (moment: number) => [[moment, 'good', GOOD] as const, [moment, 'bad', BAD] as const];
/** The version that the last run which went well has deployed. */
let deployed = 1;

/** What the run says has become of the stack is what the cluster says: at once, and minutes later. */
async function expectAsSaid({ code, stdout, stderr }: Output): Promise<() => Promise<void>> {
  const said = `exit ${code}\n${stdout}${stderr}`;
  console.log(`figure: exit ${code}`);
  if (code === 0) deployed = scene.version;
  const found = await scene.look();
  scene.expectAll(found, deployed, said);
  return () => scene.expectQuiet(found, said);
}

test.each(moments(1_500).flatMap(ofBoth))(
  'a manager that stands still for 40 s, %i ms after its client began: a %s release',
  async (ms, _what, health) => {
    let woken: Promise<unknown> = Promise.resolve();
    const output = await scene.deploySlowly(ms, health, async () => {
      await scene.freeze(m1);
      woken = sleep(FROZEN_MS).then(() => scene.wake(m1));
    });
    const later = await expectAsSaid(output);
    await woken;
    await later();
  },
);

test.each(moments(1_500).flatMap(ofBoth))(
  'a manager to which the way breaks for 3 minutes, %i ms after its client began: a %s release',
  async (ms, _what, health) => {
    let healed: Promise<unknown> = Promise.resolve();
    const output = await scene.deploySlowly(ms, health, async () => {
      await breakWay(m1);
      healed = sleep(180_000).then(() => openWay(m1));
    });
    const later = await expectAsSaid(output);
    await healed;
    await later();
  },
);

test('a manager that stays away: the run says so, and the next one settles it', async () => {
  const output = await scene.deploySlowly(1_500, BAD, () => scene.freeze(m1));
  expect(output.code, output.stdout + output.stderr).toBe(FAILURES.RESTORE_FAILED);
  expect(output.stderr).toContain('bastion.lab:2201');
  const later = await expectAsSaid(output);
  await scene.wake(m1);
  await later();
  await expectAsSaid(await scene.takeOver('rollback'));
  expect(deployed).toBe(scene.version);
});

test.each([
  ...moments(1_500).map((ms) => [ms, 'resume', 'goes on while the other waits'] as const),
  [atRandom(), 'rollback', 'goes on when the other is done'] as const,
])(
  'a manager whose dockerd hangs, %i ms after its client began, the operator gone: another one by %s; it %s',
  async (ms, choice, when) => {
    const env = { DEPLOY_TIMEOUT: '240' };
    await scene.deploySlowly(ms, { ...GOOD, ...env }, async ({ kill }) => {
      await hangEngine(m1);
      await kill();
    });
    const goesOn = when.includes('while') ? sleep(75_000).then(() => goOnEngine(m1)) : Promise.resolve();
    const later = await expectAsSaid(await scene.takeOver(choice, env));
    expect(deployed).toBe(scene.version);
    await goesOn;
    await goOnEngine(m1);
    await later();
  },
);

// Proves: a link that is lost for seconds at ten moments of a roll-out, on a busy manager, ends with exit 0 or the stack as it was.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { until } from '../../src/lab/engine.ts';
import { findResidue, readOpenRecords, readRollout, readSecretNames } from '../lab/cluster.ts';
import { cutSsh, healSsh } from '../lab/faults.ts';
import { labUp } from '../lab/lab.ts';
import { Operator } from '../lab/operator.ts';
import { Probe } from '../lab/probe.ts';
import { reset } from '../lab/reset.ts';
import { setSize } from '../lab/sized-probe.ts';

const lab = await labUp();
const [m1] = lab.managers;
const operator = new Operator(lab);
const probe = new Probe(operator);
const EXTRA = 6;
/** Longer than Waggle tries to have its script's connection back. */
const LOST_MS = 8_000;

beforeAll(async () => {
  await reset(lab);
  await operator.checkOut();
  await probe.setUp();
  await setVersion(0);
  const { code, stderr } = await probe.run(['deploy']);
  expect(code, stderr).toBe(0);
  // What makes it slow enough to be overtaken: the manager has other things to do.
  await m1.run([
    'sh',
    '-c',
    'for _ in 1 2 3; do sh -c "while :; do :; done" >/dev/null 2>&1 & echo $!; done >/run/busy',
  ]);
});
afterAll(async () => {
  await m1.exec(['sh', '-c', 'kill $(cat /run/busy)']);
  await reset(lab);
});
afterEach(async () => {
  expect(await findResidue(lab), 'credentials left behind').toEqual([]);
  expect(await readOpenRecords(lab), 'locks and journals left behind').toEqual([]);
});

/** Every service and every secret is another. */
async function setVersion(version: number): Promise<void> {
  await setSize(
    probe,
    EXTRA,
    `endpoint_mode: dnsrr, replicas: 1, update_config: { monitor: 1s }, labels: { v: "${version}" }`,
  );
  await probe.setFile('secrets/password.txt', `probe-hunter2-${version}`);
}

const readAll = async () => ({ ...(await readRollout(lab)), secrets: await readSecretNames(lab) });
let version = 0;

test.each([0, 100, 200, 300, 450, 600, 800, 1100, 1500, 2500])(
  'lost %i ms after the roll-out began',
  async (ms) => {
    const before = await readAll();
    await setVersion(++version);
    let printed = '';
    const running = operator.startWaggle(['deploy', '--env', 'probe'], {
      env: { DEPLOY_TAG: `v${version}` },
      onOutput: (text) => (printed += text),
    });
    let isOver = false;
    const output = running.output.finally(() => (isOver = true));
    await until('the roll-out begins', async () => printed.includes('> deploy the stack') || isOver);
    await sleep(ms);
    await cutSsh(lab);
    await sleep(LOST_MS);
    await healSsh(lab);
    const { code, stdout, stderr } = await output;
    const after = await readAll();
    console.log(`figure: ${ms} ms: exit ${code}`);
    if (code === 0) expect(JSON.stringify(after.specs)).toContain(`"v":"${version}"`);
    else expect(after, stdout + stderr).toEqual(before);
  },
);

// Proves: however a service of the reference stack fails, all is then as it was, and HTTP answers the old version.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { FAILURES } from '../../src/shared/errors.ts';
import { findResidue, readState, readVersion } from '../lab/cluster.ts';
import { labUp } from '../lab/lab.ts';
import { reset } from '../lab/reset.ts';
import { Shop } from '../lab/shop.ts';

/** A service that ran well comes to fail: Swarm is told to go on, to stop, or to go back by itself. */
const lab = await labUp();
const shop = new Shop(lab);
const V2 = {
  SKIP_BUILD: '1',
  DEPLOY_TAG: 'v1',
  LOG_LEVEL: 'debug',
  STACK_FILES: 'stack.yml:lab.yml:faulty.yml',
};

beforeAll(() => reset(lab));
afterAll(() => reset(lab));
afterEach(async () => expect(await findResidue(lab), 'credentials left behind').toEqual([]));

async function expectPutBack(change: string, env = {}): Promise<string> {
  const before = await shop.fromRunning('v1');
  await shop.operator.write('deploy/faulty.yml', change);
  const { code, stderr } = await shop.deploy({ ...V2, ...env });
  expect(code, stderr).toBe(FAILURES.NOT_CONVERGED);
  expect(await readState(lab)).toEqual(before);
  expect(await readVersion(lab)).toBe('v1');
  return stderr;
}

const crash = (after: number) => `entrypoint: [sh, -c, "sleep ${after}; echo no luck; exit 1"]`;

test.each([
  [
    'its health check does not pass any more',
    `services: { api: { healthcheck: { test: !override [CMD-SHELL, "echo not ready; false"], start_period: 1s, interval: 1s, retries: 1 }, deploy: { update_config: { failure_action: pause, monitor: 10s } } } }`,
    ['shop_api', 'its healthcheck does not pass'],
  ],
  [
    'it may no longer have the memory that it takes',
    `services: { api: { deploy: { resources: { limits: { memory: 12M }, reservations: { memory: 8M } }, update_config: { failure_action: continue } } } }`,
    ['shop_api', 'its limit of 12 MiB'],
  ],
  [
    'something else on each node listens on its port',
    `services: { admin: { ports: !override [{ target: 3000, published: 22, mode: host }], deploy: { update_config: { failure_action: continue } } } }`,
    ['shop_admin', 'something else on the node listens on port 22'],
  ],
  [
    'it crashes, and Swarm goes back by itself',
    `services: { worker: { ${crash(1)}, deploy: { update_config: { failure_action: rollback, monitor: 15s } } } }`,
    ['shop_worker', 'no luck'],
  ],
  [
    'it is new, and crashes when all has converged: within the time that it is watched',
    `services: { late: { image: "\${REDIS_IMAGE}", ${crash(8)}, networks: [backend], deploy: { endpoint_mode: dnsrr, restart_policy: { delay: 1s }, update_config: { monitor: 20s } } } }`,
    ['shop_late', 'no luck'],
  ],
  [
    'another is taken out, and one comes with a network, a config and a secret of its own',
    `services:
  dozzle: !reset null
  worker: { ${crash(1)} }
  extra: { image: "\${REDIS_IMAGE}", networks: [side], configs: [settings], secrets: [word], deploy: { endpoint_mode: dnsrr } }
networks: { side: { driver: overlay } }
configs: { settings: { file: ./cluster.env.example } }
secrets: { word: { file: ./secrets/secret_key.txt } }
`,
    ['shop_worker', 'no luck'],
  ],
] as const)('%s', async (_what, change, said) => {
  const stderr = await expectPutBack(change);
  for (const text of said) expect(stderr).toContain(text);
});

test('it never says whether it is well: until DEPLOY_TIMEOUT', async () => {
  const waits = `services: { admin: { healthcheck: { test: !override [CMD, "false"], start_period: 900s, interval: 1s } } }`;
  const stderr = await expectPutBack(waits, { DEPLOY_TIMEOUT: '150' });
  expect(stderr).toContain('the stack did not converge within 150 s');
});

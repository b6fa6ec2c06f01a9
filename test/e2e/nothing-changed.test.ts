import { beforeAll, expect } from 'vitest';
import { REGISTRY } from '../../src/lab/topology.ts';
import { FAILURES } from '../../src/shared/errors.ts';
import { readState } from '../lab/cluster.ts';
import { WRONG_PASSWORD } from '../lab/faults.ts';
import { labUp } from '../lab/lab.ts';
import { CLUSTER_ENV } from '../lab/operator.ts';
import { tagsOf } from '../lab/registry.ts';
import { reset } from '../lab/reset.ts';
import { scenarios } from '../lab/scenario.ts';
import { Shop } from '../lab/shop.ts';

/** What does not deploy does not change anything. */
const lab = await labUp();
const shop = new Shop(lab);
const { operator } = shop;
const scenario = scenarios(lab, [operator]);

beforeAll(() => reset(lab));

/** Cluster, registry, and every file of the operator's that is newer than the lab. */
async function readAll(): Promise<unknown> {
  const find =
    'find . /tmp /home/operator -newer /lab/ready -type f -printf "%p %T@ %s\\n" 2>/dev/null | grep -v "^/tmp/pid" | sort';
  return [await readState(lab), await tagsOf(lab, 'shop/api'), await operator.sh(find)];
}

scenario('DRY_RUN=1 and an offline plan print what a deploy is made of, and touch nothing', async () => {
  await shop.fromRunning('v1');
  const before = await readAll();
  const dry = await shop.deploy({ DRY_RUN: '1', DEPLOY_TAG: 'never-built' });
  expect(dry.code, dry.stderr).toBe(0);
  expect(dry.stdout).toContain(`api: 3 replicas, ${REGISTRY.host}/shop/api:never-built`);
  // Without a network, and without Docker.
  const cutOff = ['unshare', '--net', 'runuser', '--user', 'operator', '--', 'waggle', 'plan', '--offline'];
  const env = { HOME: '/home/operator', DOCKER_HOST: 'unix:///nowhere' };
  const offline = await lab.workstation.exec(cutOff, { cwd: '/home/operator/project', env });
  expect(offline.code, offline.stderr).toBe(0);
  expect(offline.stdout).toMatch(/^ {2}steps$/m);
  expect(await readAll()).toEqual(before);
});

scenario('a registry that refuses the login', async () => {
  const before = await shop.fromRunning('v1');
  const { code, stderr } = await shop.deploy({ REGISTRY_TOKEN: WRONG_PASSWORD });
  expect(code, stderr).toBe(FAILURES.REGISTRY_REFUSED);
  expect(stderr).toContain(REGISTRY.host);
  expect(stderr).not.toContain(WRONG_PASSWORD);
  expect(await readState(lab)).toEqual(before);
});

scenario('a manager that cannot be reached', async () => {
  const before = await shop.fromRunning('v1');
  const { code, stderr } = await shop.deploy({ DEPLOY_MANAGER_SSH_PORT: '2299' });
  expect(code, stderr).toBe(FAILURES.UNREACHABLE);
  expect(stderr).toContain('deploy@bastion.lab:2299: the connection was refused');
  expect(await readState(lab)).toEqual(before);
});

scenario('files that are incomplete: every problem is named at once', async () => {
  const before = await shop.fromRunning('v1');
  await operator.fillIn('cluster.env', { ...CLUSTER_ENV, STACK_NAME: 'Shop', DEPLOY_TIMEOUT: 'soon' });
  const { code, stderr } = await shop.deploy({ B2_BUCKET_NAME: '' });
  await operator.fillIn('cluster.env', CLUSTER_ENV);
  expect(code, stderr).toBe(FAILURES.CONFIG_INVALID);
  expect(stderr).toContain('deploy/cluster.env:4: STACK_NAME');
  expect(stderr).toContain('deploy/cluster.env:7: DEPLOY_TIMEOUT');
  expect(stderr).toContain('B2_BUCKET_NAME is empty');
  expect(await readState(lab)).toEqual(before);
});

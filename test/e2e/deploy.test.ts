import { beforeAll, expect } from 'vitest';
import { until } from '../../src/lab/engine.ts';
import { FAILURES } from '../../src/shared/errors.ts';
import { readRunning, readSecretNames, readServices, readState } from '../lab/cluster.ts';
import { labUp } from '../lab/lab.ts';
import { B2_APP_KEY, SECRETS } from '../lab/operator.ts';
import { digestOf } from '../lab/registry.ts';
import { reset } from '../lab/reset.ts';
import { scenarios } from '../lab/scenario.ts';
import { NOTHING, Shop } from '../lab/shop.ts';

/** The reference stack comes to a Swarm, and each next version in place of the one before. */
const lab = await labUp();
const shop = new Shop(lab);
const { operator } = shop;
const scenario = scenarios(lab, [operator]);
const ask = async (url: string) => JSON.parse(await operator.sh(`curl --silent ${url}`));

beforeAll(() => reset(lab));

scenario('a first deploy that fails leaves nothing behind', async () => {
  await shop.fromNothing();
  const { code, stderr } = await shop.deploy({ DEPLOY_TAG: 'v1', FAULT_WORKER: 'worker-crash' });
  expect(code, stderr).toBe(FAILURES.NOT_CONVERGED);
  expect(stderr).toContain('shop_worker');
  expect(await readState(lab)).toEqual(NOTHING);
});

scenario('a first deploy runs every service at the digests that were pushed, with its secrets', async () => {
  await shop.fromNothing();
  const tag = await operator.sh('git rev-parse --short HEAD');
  const { code, stdout, stderr } = await shop.deploy();
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  await shop.expectRunning(tag);
  await shop.keepAs(tag);
  await until(
    'the api reaches redis',
    async () => (await ask('http://bastion.lab:8080/health')).redis === 'up',
  );

  const id = /release (\S+) of shop runs/.exec(stdout)?.[1];
  expect(id).toMatch(new RegExp(`^${tag}_\\d{14}$`));
  const names = Object.keys(SECRETS).map((file) => `shop_${file.split('.')[0]}_${id}`);
  expect(await readSecretNames(lab)).toEqual(names.sort());
  const specs = new Map(
    (await readServices(lab)).map(({ Spec }) => [Spec.Name, Spec.TaskTemplate.ContainerSpec]),
  );
  const targets = specs.get('shop_worker')?.Secrets?.map(({ SecretName, File }) => [File.Name, SecretName]);
  const keys = ['apns_auth_key', 'email_host_password', 'fcm_server_key', 'postgres_password'];
  expect(targets?.sort()).toEqual(keys.map((key) => [key, `shop_${key}_${id}`]));
  expect(specs.get('shop_api')?.Env).toContain(`B2_APP_KEY=${B2_APP_KEY}`);
});

scenario(
  'a next version replaces what changed, leaves the rest running, and its plan is then empty',
  async () => {
    await shop.fromRunning('v1');
    const before = await readRunning(lab);
    const { code, stderr } = await shop.deploy({ DEPLOY_TAG: 'v2' });
    expect(code, stderr).toBe(0);
    await shop.expectRunning('v2');
    await shop.keepAs('v2');
    const unchanged = ({ service }: { service: string }) => /redis|dozzle/.test(service);
    expect((await readRunning(lab)).filter(unchanged)).toEqual(before.filter(unchanged));
    const plan = await shop.waggle(['plan', '--detailed-exitcode'], { DEPLOY_TAG: 'v2' });
    expect(plan.code, plan.stdout + plan.stderr).toBe(0);
    expect(plan.stdout).toContain('nothing to do: 5 services as planned');
  },
);

scenario('SKIP_BUILD=1 runs an older tag that was pushed before', async () => {
  await shop.fromRunning('v2');
  await shop.push('v1');
  const digest = await digestOf(lab, 'shop/api', 'v1');
  const { code, stdout, stderr } = await shop.deploy({ SKIP_BUILD: '1', DEPLOY_TAG: 'v1' });
  expect(code, stderr).toBe(0);
  expect(stdout).not.toContain('> build and push images');
  await shop.expectRunning('v1');
  await shop.keepAs('v1');
  expect(await digestOf(lab, 'shop/api', 'v1')).toBe(digest);
});

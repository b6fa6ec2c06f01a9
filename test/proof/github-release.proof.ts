// Proves: the steps of the release workflow, run as its runner runs them, release, cancel, and bring back.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { until } from '../../src/lab/engine.ts';
import { REGISTRY } from '../../src/lab/topology.ts';
import { FAILURES } from '../../src/shared/errors.ts';
import { findResidue, readRollout, readVersion } from '../lab/cluster.ts';
import { type Meddle, runJob, type Settings } from '../lab/github-job.ts';
import { labUp } from '../lab/lab.ts';
import { B2_APP_KEY, CLUSTER_ENV, Operator, SECRETS } from '../lab/operator.ts';
import { reset } from '../lab/reset.ts';

/** The release workflow's own steps, run as GitHub's runner runs them, on the real Swarm. */
const lab = await labUp();
const operator = new Operator(lab);
const TAG = "github.ref_type == 'tag' && github.ref_name || github.sha";
let settings: Settings;

beforeAll(async () => {
  await reset(lab);
  await operator.checkOut();
  const key = await operator.sh('cat ~/.ssh/id_ed25519');
  // A runner's checkout has none of the operator's own files.
  await operator.sh('rm -f deploy/*.env deploy/secrets/*.txt deploy/secrets/*.p8');
  await operator.machine.run(['cp', '-r', `/home/operator/project/scripts`, '/opt/waggle/scripts']);
  settings = {
    secrets: {
      DEPLOY_SSH_PRIVATE_KEY: key,
      REGISTRY_TOKEN: REGISTRY.password,
      B2_APP_KEY,
      POSTGRES_PASSWORD: SECRETS['postgres_password.txt'] ?? '',
      SECRET_KEY: SECRETS['secret_key.txt'] ?? '',
      EMAIL_HOST_PASSWORD: SECRETS['email_host_password.txt'] ?? '',
      FCM_SERVER_KEY: SECRETS['fcm_server_key.txt'] ?? '',
      APNS_AUTH_KEY: SECRETS['apns_auth_key.p8'] ?? '',
    },
    vars: {
      ...CLUSTER_ENV,
      REGISTRY: REGISTRY.host,
      REGISTRY_NAMESPACE: 'shop',
      REGISTRY_USERNAME: REGISTRY.username,
      B2_ENDPOINT: 'https://s3.lab',
      B2_KEY_ID: 'lab-key',
      B2_BUCKET_NAME: 'lab-uploads',
    },
    expressions: { [TAG]: 'v1' },
    env: CLUSTER_ENV,
  };
});
afterAll(() => reset(lab));
afterEach(async () => expect(await findResidue(lab), 'credentials left behind').toEqual([]));

/** Builds, plans and deploys what a tag names; gives what each job came to. */
async function release(tag: string, meddle?: Meddle, onOutput?: (text: string) => void) {
  await operator.sh(
    `rm -f plan.json && echo ${tag} >version.txt && git add -A && git commit --quiet --allow-empty --message ${tag}`,
  );
  const tagged = { ...settings, expressions: { [TAG]: tag } };
  const plan = await runJob(operator, 'release.yml', 'plan', tagged);
  expect(plan.last.code, plan.last.stdout + plan.last.stderr).toBe(0);
  return { plan, deploy: await runJob(operator, 'release.yml', 'deploy', tagged, meddle, onOutput) };
}

test('a tag is built, planned, and deployed as it was planned', async () => {
  const { plan, deploy } = await release('v1');
  expect(plan.outputs.plan).toMatchObject({ changed: 'true', release: '' });
  expect(plan.summary).toContain('### Plan for shop, release v1_');
  expect(deploy.last.code, deploy.last.stdout + deploy.last.stderr).toBe(0);
  expect(deploy.outputs.deploy).toMatchObject({
    release: 'r1',
    id: expect.stringMatching(/^v1_\d{14}$/),
    changed: 'true',
    url: 'http://bastion.lab:8080/health',
  });
  expect(Object.keys(JSON.parse(deploy.outputs.deploy?.digests ?? '{}'))).toContain(
    `${REGISTRY.host}/shop/api:v1`,
  );
  expect(deploy.summary).toContain('### r1 of shop runs: v1_');
  expect(await operator.sh('grep --count "<h1>shop r1</h1>" report.html')).toBe('1');
  expect(deploy.last.stdout).toMatch(
    /^::group::wait for convergence$[\s\S]*^::endgroup::$\nok wait for convergence/m,
  );
  expect(deploy.last.stdout + deploy.last.stderr + deploy.summary).not.toContain('hunter2');
  expect(await readVersion(lab)).toBe('v1');
});

test('a job that is cancelled puts back what it can; the next release finishes that and deploys', async () => {
  const before = await readRollout(lab);
  let said = '';
  const cancel: Meddle = (step, { kill }) => {
    if (step !== 'waggle') return;
    void (async () => {
      await until('it waits', async () => said.includes('::group::wait for convergence'));
      await kill('SIGINT');
      await sleep(7_500);
      // It may be over by then.
      await kill('SIGTERM').catch(() => {});
      await sleep(2_500);
      await kill('SIGKILL').catch(() => {});
    })();
  };
  const { deploy } = await release('v2', cancel, (text) => (said += text));
  expect(deploy.last.code).not.toBe(0);
  expect(said).toContain('put the stack back as it was');
  expect(await operator.sh('test -s report.html')).toBe('');
  // What was put back is no longer what the plan was made for.
  const again = await runJob(operator, 'release.yml', 'deploy', {
    ...settings,
    expressions: { [TAG]: 'v2' },
  });
  expect(again.last.code, again.last.stderr).toBe(FAILURES.PLAN_STALE);
  const next = (await release('v2')).deploy;
  expect(next.last.code, next.last.stdout + next.last.stderr).toBe(0);
  expect(await readVersion(lab)).toBe('v2');
  expect(await readRollout(lab)).not.toEqual(before);
});

test('an earlier release is listed, and brought back by hand', async () => {
  const listed = await runJob(operator, 'rollback.yml', 'rollback', settings);
  expect(listed.summary).toMatch(/^r1 +deployed/m);
  const back = await runJob(operator, 'rollback.yml', 'rollback', { ...settings, inputs: { release: 'r1' } });
  expect(back.last.code, back.last.stdout + back.last.stderr).toBe(0);
  expect(await readVersion(lab)).toBe('v1');
});

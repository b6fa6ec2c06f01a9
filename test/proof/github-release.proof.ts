// Proves: the steps of the release workflow, run as its runner runs them, release, cancel, and bring back.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { until } from '../../src/lab/engine.ts';
import { REGISTRY } from '../../src/lab/topology.ts';
import { FAILURES } from '../../src/shared/errors.ts';
import { readRollout, readSecretNames, readState, readVersion } from '../lab/cluster.ts';
import { startGithubApi, takeHeard } from '../lab/github-api.ts';
import {
  expectCode,
  expectHeard,
  expectNothingLeft,
  expectSameDigests,
  expectSecrecy,
} from '../lab/github-expect.ts';
import { type Meddle, runJob, runWorkflow, type Watching } from '../lab/github-job.ts';
import { jobVariables, onBranch, onTag, readSettings, setUpRepository } from '../lab/github-repository.ts';
import { AUTHOR, pushCommit } from '../lab/github-runner.ts';
import { FIVE_LINES, WITH_TOKEN } from '../lab/github-shown.ts';
import type { Settings } from '../lab/github-types.ts';
import { labUp } from '../lab/lab.ts';
import { Operator } from '../lab/operator.ts';
import { reset } from '../lab/reset.ts';

/** The release workflow's own steps, run as GitHub's runner runs them, on the real Swarm. */
const lab = await labUp();
const operator = new Operator(lab);
let settings: Settings;

beforeAll(async () => {
  await reset(lab);
  await setUpRepository(operator);
  settings = await readSettings(operator);
  await startGithubApi(operator);
});
afterAll(() => reset(lab));
afterEach(() => expectNothingLeft(operator, settings.secrets));

/** By SIGKILL. */
const KILLED = 137;

/** Both jobs of a run; the second as the first one's outputs let it. */
async function run(scene: Settings, watching: Watching = {}) {
  const plan = await runJob(operator, 'release.yml', 'plan', scene);
  expectCode(plan);
  const needs = { plan: plan.given };
  const deploy = await runJob(operator, 'release.yml', 'deploy', { ...scene, needs }, watching);
  for (const job of [plan, deploy]) if (!job.isSkipped) expectSecrecy(job, settings.secrets);
  return { plan, deploy };
}

const commits: Record<string, string> = {};
async function push(tag: string, change = `echo ${tag} >version.txt`): Promise<Settings> {
  commits[tag] = await pushCommit(operator, change, tag);
  return onTag(settings, tag, commits[tag]);
}

test('a tag is built, planned, and deployed as it was planned', async () => {
  const { plan, deploy } = await run(await push('v1'));
  expect(plan.outputs.build).toMatchObject({ 'exit-code': '0' });
  expect(plan.outputs.plan).toMatchObject({ changed: 'true', release: '', tag: 'v1', 'exit-code': '0' });
  expect(plan.summary).toContain('### Plan for shop, release v1_');
  expectCode(deploy);
  expect(deploy.outputs.deploy).toMatchObject({
    release: 'r1',
    id: expect.stringMatching(/^v1_\d{14}$/),
    tag: 'v1',
    changed: 'true',
    url: 'http://bastion.lab:8080/health',
    'exit-code': '0',
  });
  await expectSameDigests(operator, plan, deploy);
  expect(deploy.summary).toContain('### r1 of shop runs: v1_');
  expect(await operator.sh('grep --count "<h1>shop r1</h1>" report.html')).toBe('1');
  expect(deploy.last.stdout).toMatch(
    /^::group::wait for convergence$[\s\S]*^::endgroup::$\nok wait for convergence/m,
  );
  expect(await readVersion(lab)).toBe('v1');
  await expectHeard(operator, commits.v1, ['in_progress', 'success']);
});

test('a job that is cancelled puts back what it can; the next release finishes that and deploys', async () => {
  const before = await readRollout(lab);
  let said = '';
  const meddle: Meddle = (step, { kill }) => {
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
  const scene = await push('v2');
  const { plan, deploy } = await run(scene, { meddle, onOutput: (text) => (said += text) });
  expect(deploy.last.code).not.toBe(0);
  expect(said).toContain('restore the stack');
  expect(await operator.sh('test -s report.html')).toBe('');
  // Who was killed on the way back says nothing any more.
  const end = deploy.last.code === KILLED ? [] : ['failure'];
  await expectHeard(operator, commits.v2, ['in_progress', ...end]);
  // What was put back is no longer what the plan was made for.
  const needs = { plan: plan.given };
  expectCode(await runJob(operator, 'release.yml', 'deploy', { ...scene, needs }), FAILURES.PLAN_STALE);
  expectCode((await run(scene)).deploy);
  expect(await readVersion(lab)).toBe('v2');
  expect(await readRollout(lab)).not.toEqual(before);
});

test('a release that fails says why beside the line, and on the page of the run; nothing is touched', async () => {
  const before = await readState(lab);
  const scene = await push('v3', "sed -i 's/^  api:$/  api:\\n    imagee: typo/' deploy/stack.yml");
  const line = await operator.sh(`git -C ${AUTHOR} grep -n imagee -- deploy/stack.yml | cut -d: -f2`);
  const plan = await runJob(operator, 'release.yml', 'plan', scene);
  expectCode(plan, FAILURES.CONFIG_INVALID);
  expect(plan.outputs.build).toMatchObject({ 'exit-code': String(FAILURES.CONFIG_INVALID), release: '' });
  expect(plan.said).toMatch(
    new RegExp(`^::error file=deploy/stack\\.yml,line=${line}(,col=\\d+)?::.*imagee`, 'm'),
  );
  expect(plan.summary).toContain('### Failed');
  expectSecrecy(plan, settings.secrets);
  await pushCommit(operator, 'git revert --no-commit HEAD');
  expect(await readState(lab)).toEqual(before);
});

test('a secret that is not set is named, before anything is asked', async () => {
  const { POSTGRES_PASSWORD: _unset, DEPLOY_SSH_PRIVATE_KEY: _key, ...secrets } = settings.secrets;
  const scene = onTag({ ...settings, secrets }, 'v2', commits.v2 ?? '');
  const plan = await runJob(operator, 'release.yml', 'plan', scene);
  expectCode(plan, FAILURES.CONFIG_INVALID);
  expect(plan.said).toContain('environment: DEPLOY_SSH_PRIVATE_KEY is empty there');
  expect(plan.said).toContain('WAGGLE_SECRET_POSTGRES_PASSWORD: is empty: a secret of CI that is not set');
  expect(plan.said).not.toContain('connect to the manager');
});

test('by hand an older tag is deployed again, without a build; a dry run only plans', async () => {
  const sha = await pushCommit(operator, 'echo later >version.txt');
  const byHand = { skip_build: true, skip_health_check: false, dry_run: false };
  const { plan, deploy } = await run(onBranch(settings, sha, { ...byHand, tag: 'v1' }));
  expect(plan.outputs).not.toHaveProperty('build');
  expectCode(deploy);
  expect(deploy.outputs.deploy).toMatchObject({ tag: 'v1', changed: 'true' });
  expect(await readVersion(lab)).toBe('v1');
  const [made] = await takeHeard(operator).then((heard) => heard.slice(-3));
  expect(commits.v1?.startsWith(String(made?.body.ref))).toBe(true);
  const before = await readState(lab);
  const dry = await run(onBranch(settings, sha, { ...byHand, skip_build: false, dry_run: true, tag: '' }));
  expect(dry.plan.outputs).not.toHaveProperty('build');
  expect(dry.plan.summary).toContain(`### Plan for shop, release ${sha}_`);
  expect(dry.deploy.isSkipped).toBe(true);
  expect(await readState(lab)).toEqual(before);
});

test('the five lines of DEPLOYING.md deploy a commit by its whole id, from a checkout of one commit', async () => {
  const sha = await pushCommit(operator, 'echo by-id >version.txt');
  // Made anew, so that their names are this commit's.
  const env = { ...jobVariables(settings), SECRET_REUSE: 'false' };
  const job = await runWorkflow(operator, FIVE_LINES, 'own', onBranch({ ...settings, env }, sha));
  expectCode(job);
  expectSecrecy(job, settings.secrets);
  expect(await operator.sh('git rev-list --count HEAD && git branch --show-current')).toBe('1');
  expect(await readVersion(lab)).toBe(sha);
  const names = await readSecretNames(lab);
  expect(names.some((name) => name.includes(sha.slice(0, 7)))).toBe(true);
  expect(names.filter((name) => name.length > 64)).toEqual([]);
});

test('a token that a step made for the run is known to the next, and hidden', async () => {
  const sha = await pushCommit(operator, 'echo oidc >version.txt');
  await operator.machine.writeFile('/usr/local/bin/aws', `#!/bin/sh\necho ${REGISTRY.password}\n`, {
    mode: '755',
  });
  const env = {
    ...jobVariables(settings),
    DEPLOY_SSH_PRIVATE_KEY: settings.secrets.DEPLOY_SSH_PRIVATE_KEY ?? '',
    DEPLOY_TAG: sha,
  };
  const job = await runWorkflow(operator, WITH_TOKEN, 'own', onBranch({ ...settings, env }, sha));
  await operator.machine.exec(['rm', '/usr/local/bin/aws']);
  expectCode(job);
  expect(job.said).toContain(`pushed as ${sha}`);
  expect(job.said).toContain(`::add-mask::${REGISTRY.password}`);
});

test('an earlier release is listed, and brought back by hand', async () => {
  const sha = await pushCommit(operator, 'echo rollback >version.txt');
  const listed = await runJob(operator, 'rollback.yml', 'rollback', onBranch(settings, sha));
  expect(listed.summary).toMatch(/^r1 +deployed/m);
  const back = await runJob(operator, 'rollback.yml', 'rollback', onBranch(settings, sha, { release: 'r1' }));
  expectCode(back);
  expect(await readVersion(lab)).toBe('v1');
});

// Proves: SIGINT and SIGTERM stop a run at once at whatever step and put all back; what a kill or a cancelling CI leaves the next run finishes.
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { FAILURES } from '../../src/shared/errors.ts';
import { readRollout, readSecretNames } from '../lab/cluster.ts';
import { cutNetwork, healNetwork } from '../lab/faults.ts';
import { IMAGE, type Parts } from '../lab/probe.ts';
import { twoOnCleanLab } from '../lab/two-on-clean-lab.ts';

const { lab, two } = await twoOnCleanLab();
const [m1] = lab.managers;
const probe = two.first;

describe('a run that is killed', () => {
  test('is found dead by the next, which says what was begun and changes nothing', async () => {
    await two.killAt('wait for convergence');
    const { code, stdout, stderr } = await two.second.run(['deploy']);
    expect(code, stderr).toBe(FAILURES.INTERRUPTED);
    expect(stdout).toMatch(/operator@.* has not renewed its lock: taking it over/);
    expect(stderr).toMatch(/the deploy of slow\d+_\d{14} by operator@.* was interrupted at: /);
    expect((await two.second.run(['status'])).stdout).toContain('was interrupted at: ');
    await two.recover('rollback');
    await two.expectWhole();
  });
});

/** So soon has a run stopped what it was doing. */
const STOPS_WITHIN_MS = 5_000;
const times: number[] = [];
const URL = 'http://127.0.0.1:8099/';
const HEALTHY = '/tmp/probe-is-healthy';

interface Stopping {
  readonly step: string;
  readonly signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP';
  /** Nothing is to be put back yet. */
  readonly isOver?: boolean;
  readonly change?: Partial<Parts>;
  readonly env?: Readonly<Record<string, string>>;
}

/** By then it has stopped what it was doing. */
const WAY_BACK = /^> (restore the stack|undo: )/m;
const BUILT = `built: { image: "${IMAGE.replace('library/redis:7', 'probe/built')}", build: { context: app }, deploy: { endpoint_mode: dnsrr } }`;

/** Of each kind of step one: programs of this machine, of the manager, and questions. */
const STOPPINGS: readonly Stopping[] = [
  {
    step: 'build and push images',
    signal: 'SIGTERM',
    isOver: true,
    change: { extra: BUILT },
    env: { ALLOW_DIRTY: '1' },
  },
  { step: 'run the hook pre-deploy', signal: 'SIGINT', isOver: true },
  { step: 'upload the bundle', signal: 'SIGTERM' },
  { step: 'create secrets and configs', signal: 'SIGTERM' },
  { step: 'deploy the stack', signal: 'SIGTERM' },
  { step: 'deploy the stack', signal: 'SIGINT' },
  { step: 'wait for convergence', signal: 'SIGTERM' },
  {
    step: 'check health',
    signal: 'SIGTERM',
    env: { DEPLOY_HEALTHCHECK_URL: URL, DEPLOY_HEALTHCHECK_ATTEMPTS: '1000' },
  },
];

describe('a run that is stopped', () => {
  beforeAll(async () => {
    await probe.setFile('app/Dockerfile', `FROM ${IMAGE}\nRUN sleep 300\n`);
    // What git has is what is built.
    await probe.operator.sh('git add deploy/probe/app && git commit --quiet --message app');
    await probe.setHook('pre-deploy', 'case "$WAGGLE_TAG" in slow*) sleep 5 ;; esac');
    await probe.setHook('post-deploy', 'case "$WAGGLE_TAG" in slow*) sleep 10 ;; esac');
    const answer = `response.writeHead(require('fs').existsSync('${HEALTHY}') ? 200 : 503).end()`;
    const server = `require('http').createServer((_, response) => ${answer}).listen(8099)`;
    await probe.operator.sh(`nohup node -e "${server}" >/dev/null 2>&1 &`);
  });

  test.each(STOPPINGS)('at "$step", by $signal', async ({ step, signal, isOver, change = {}, env = {} }) => {
    await probe.operator.sh(`rm -f ${HEALTHY}`);
    const before = await readAll();
    const { code, stderr } = await two.deployUntil(
      step,
      async ({ kill, says, output }) => {
        await kill(signal);
        await measure(`at "${step}" by ${signal}`, () => (isOver ? output : says(WAY_BACK)));
        // What ran before is to be found well.
        await probe.operator.sh(`touch ${HEALTHY}`);
      },
      { change, env },
    );
    expect(code, stderr).toBe(FAILURES.CANCELLED);
    expect(stderr).toContain(`stopped by ${signal}`);
    expect(await readAll()).toEqual(before);
  });

  test('while Docker waits for a registry that does not answer', async () => {
    const before = await readAll();
    const { code, stderr } = await two.deployUntil('upload the bundle', async ({ kill, says }) => {
      await cutNetwork(lab.registry);
      await says('> deploy the stack');
      await sleep(2_000);
      await kill('SIGTERM');
      await measure('docker stack deploy that hangs', () => says(WAY_BACK));
      await healNetwork(lab.registry);
    });
    expect(code, stderr).toBe(FAILURES.CANCELLED);
    expect(await readAll()).toEqual(before);
  });

  test('has stopped within 5 s each time', () => {
    expect(times).toHaveLength(STOPPINGS.length + 1);
    expect(Math.max(...times)).toBeLessThan(STOPS_WITHIN_MS);
  });

  test.each(['SIGINT', 'SIGTERM'] as const)(
    'by %s once its release is healthy has nothing to put back',
    async (signal) => {
      const { code, stdout, stderr } = await two.deployUntil(
        'run the hook post-deploy',
        async ({ kill, output }) => {
          await kill(signal);
          await output;
        },
      );
      expect(code, stderr).toBe(0);
      expect(stdout).toContain('the release is healthy, but this step failed: run the hook post-deploy');
      await two.expectDeploys();
    },
  );
});

/** From the signal on. Judged when all is put back: a test that ends before leaves what it began to the next. */
async function measure(what: string, stopped: () => Promise<unknown>): Promise<void> {
  const start = performance.now();
  await stopped();
  const ms = Math.round(performance.now() - start);
  times.push(ms);
  console.log(`figure: stopped ${what} within ${ms} ms`);
}

const readAll = async () => ({ ...(await readRollout(lab)), secrets: await readSecretNames(lab) });

test('a run that CI cancels goes back at once, and the next finishes what there was no time for', async () => {
  // What is put back has to hold for longer than CI waits.
  const change = { update: '{ parallelism: 0, monitor: 20s }' };
  await two.next(change);
  expect((await probe.run(['deploy'])).code).toBe(0);
  const cancelled = two.deployUntil(
    'wait for convergence',
    async ({ kill, says }) => {
      const { stdout } = await two.second.run(['status']);
      expect(stdout).toMatch(/^it is at: /m);
      await kill('SIGINT');
      const start = performance.now();
      await says('> restore the stack');
      expect(performance.now() - start).toBeLessThan(5_000);
      await sleep(7_500);
      await kill('SIGTERM');
      await sleep(2_500);
      await kill();
    },
    { change },
  );
  expect((await cancelled).stdout).toContain('already stopping: putting things back first');
  const { stdout } = await two.second.run(['status']);
  expect(stdout).toContain('was interrupted at: restore the stack');
  await two.unlock(m1);
  await two.recover('rollback');
  await two.expectWhole();
});

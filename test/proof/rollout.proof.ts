// Proves: each way that a rollout may fail has its verdict and cause, and the stack is then what it was.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../../src/lab/engine.ts';
import type { Output } from '../../src/lab/machine.ts';
import { FAILURES } from '../../src/shared/errors.ts';
import { findResidue, readRunning, readSpecs } from '../lab/cluster.ts';
import { NODES } from '../lab/operator.ts';
import { IMAGE, type Probe } from '../lab/probe.ts';
import { probeOnCleanLab } from '../lab/probe-on-clean-lab.ts';

/** What Waggle calls each way that a rollout may go, and that the stack is then what it was. */
const { lab, operator, probe } = await probeOnCleanLab();
const [m1] = lab.managers;

beforeAll(() => expectDeployed({}));
afterEach(async () => expect(await findResidue(lab), 'credentials left behind').toEqual([]));

async function expectDeployed(extra: { extra?: string; side?: string }, env = {}): Promise<Output> {
  await probe.setStack(extra);
  const output = await probe.run(['deploy'], env);
  expect(output.code, output.stderr).toBe(0);
  return output;
}

/** Deploys what cannot come up; the stack, and what runs of it, must be what it was. */
async function expectTakenBack(change: Parameters<Probe['setStack']>[0], env = {}): Promise<string> {
  const before = { specs: await readSpecs(lab), running: await readRunning(lab) };
  await probe.setStack(change);
  const { code, stderr } = await probe.run(['deploy'], env);
  expect(code, stderr).toBe(FAILURES.NOT_CONVERGED);
  expect(await readSpecs(lab)).toEqual(before.specs);
  expect((await readRunning(lab)).map(({ service, image }) => [service, image])).toEqual(
    before.running.map(({ service, image }) => [service, image]),
  );
  return stderr;
}

const service = (command: string, deploy: string) =>
  `extra: { image: "${IMAGE}", entrypoint: [sh, -c], command: ["${command}"], deploy: { endpoint_mode: dnsrr, ${deploy} } }`;

describe('what is to end has converged when it did', () => {
  test.each([
    ['a job', 'mode: replicated-job, replicas: 2'],
    ['a job on every node', 'mode: global-job'],
    ['a service that is not begun again', 'replicas: 2, restart_policy: { condition: none }'],
    ['a service that is begun again when it fails', 'restart_policy: { condition: on-failure }'],
  ])('%s, when it is new and when it changed', async (_what, deploy) => {
    await expectDeployed({ extra: service('sleep 1', deploy) });
    await expectDeployed({ extra: service('sleep 2', deploy) });
    await expectDeployed({});
  });
});

describe('what cannot come up is said to, and why', () => {
  test.each([
    [
      'a job that fails',
      service('echo no database; exit 3', 'mode: replicated-job'),
      ['probe_extra: it will not come up: 3 times it failed: task: non-zero exit (3)', '| no database'],
    ],
    [
      'a service that is not begun again',
      service('exit 3', 'restart_policy: { condition: none }'),
      ['it will not come up: it failed: task: non-zero exit (3)', 'prints nothing'],
    ],
    [
      'a service on every node that is not begun again: Swarm then wants no task of it any more',
      service('exit 3', 'mode: global, restart_policy: { condition: none }'),
      ['it will not come up: it failed: task: non-zero exit (3)'],
    ],
    [
      'a service that ends well, again and again',
      service('exit 0', 'restart_policy: { delay: 500ms }'),
      ['3 times it ended, and well', 'restart_policy: { condition: none }'],
    ],
    [
      'a program that is not there',
      service('/nothing', 'restart_policy: { delay: 500ms }'),
      ['a program that the image does not have'],
    ],
    [
      'a folder that is not there',
      `extra: { image: "${IMAGE}", command: [redis-server], volumes: ["/nowhere:/data"], deploy: { restart_policy: { delay: 500ms } } }`,
      ['/nowhere is not there on the node'],
    ],
    [
      'a program that wants more memory than it may have',
      service('tail /dev/zero', 'resources: { limits: { memory: 16M } }, restart_policy: { delay: 500ms }'),
      ['its limit of 16 MiB'],
    ],
    [
      'a health check that never passes',
      `extra: { image: "${IMAGE}", command: [redis-server], healthcheck: { test: [CMD-SHELL, "echo not ready; false"], interval: 1s, retries: 1 }, deploy: { mode: global, restart_policy: { delay: 500ms } } }`,
      ['its healthcheck does not pass', 'its healthcheck said (exit code 1): not ready'],
    ],
  ])('%s', async (_what, extra, said) => {
    const stderr = await expectTakenBack({ extra });
    for (const text of said) expect(stderr).toContain(text);
  });

  test('a crash that Swarm is told to go on with: it calls such an update completed', async () => {
    const stderr = await expectTakenBack({
      web: 'entrypoint: [sh, -c, "exit 1"]',
      update: '{ parallelism: 1, failure_action: continue, monitor: 1s }',
    });
    expect(stderr).toContain('probe_web: it will not come up: 3 times it failed');
  });

  test('a task that nobody can take, as soon as it gets nowhere', async () => {
    await m1.run(['docker', 'node', 'update', '--label-add', 'disk=ssd', 'm1']);
    await probe.setStack({
      extra: service('sleep 600', 'placement: { constraints: [node.labels.disk == ssd] }'),
    });
    let printed = '';
    const running = operator.startWaggle(['deploy', '--env', 'probe'], {
      env: { DEPLOY_TAG: 'v1', PROGRESS_DEADLINE: '5' },
      onOutput: (text) => (printed += text),
    });
    await until('its images are there', async () => printed.includes('> upload the bundle'));
    await m1.run(['docker', 'node', 'update', '--label-rm', 'disk', 'm1']);
    const { code, stderr } = await running.output;
    expect(code, stderr).toBe(FAILURES.NOT_CONVERGED);
    expect(stderr).toContain('there is no progress for 5 s');
    expect(stderr).toContain('scheduling constraints not satisfied on 3 nodes');
    expect(stderr).toContain('look at its placement.constraints');
    await probe.setStack({});
  });
});

/** Only the engine that ran a task knows its health check, and whether it was killed for its memory. */
describe('what only the engine of another node knows is asked there', () => {
  const at = (node: string) =>
    `restart_policy: { delay: 500ms }, placement: { constraints: [node.hostname == ${node}] }`;
  const greedy = service('tail /dev/zero', `resources: { limits: { memory: 16M } }, ${at('m2')}`);
  const sick = `extra: { image: "${IMAGE}", command: [redis-server], healthcheck: { test: [CMD-SHELL, "echo not ready on $$(hostname); false"], interval: 1s, retries: 1 }, hostname: "its-node", deploy: { ${at('m3')} } }`;
  const KILLED = 'probe_extra: it was killed for its limit of 16 MiB';
  const SAID = 'probe_extra: its healthcheck said (exit code 1): not ready on its-node';
  const sshConfig = '/home/operator/.ssh/config';

  describe('where ssh knows it by its hostname', () => {
    beforeAll(() => operator.machine.writeFile(sshConfig, NODES, { mode: '600', owner: 'operator' }));
    afterAll(() => operator.sh(`rm ${sshConfig}`));
    test.each([
      ['out of memory', greedy, KILLED],
      [
        'ended by itself, as if it had been killed',
        service('exit 137', at('m2')),
        'not for a limit of memory',
      ],
      ['a health check', sick, SAID],
    ])('%s', async (_what, extra, said) => {
      expect(await expectTakenBack({ extra })).toContain(said);
    });
  });

  test('where it is a manager that is named', async () => {
    const env = { DEPLOY_MANAGER_HOST: [1, 2, 3].map((at) => `bastion.lab:220${at}`).join(',') };
    expect(await expectTakenBack({ extra: greedy }, env)).toContain(KILLED);
  });

  test('where it cannot be reached the guess is called one, and where to ask is said', async () => {
    const stderr = await expectTakenBack({ extra: greedy });
    expect(stderr).toContain('it was killed, most likely for its limit of 16 MiB');
    expect(await expectTakenBack({ extra: sick })).toContain('what its healthcheck said is known on m3: ');
  });
});

describe('hooks', () => {
  const heard = '/home/operator/heard';
  const HOOKS = ['pre-build', 'pre-deploy', 'post-deploy', 'on-failure', 'on-rollback'];
  const hear = async (run: () => Promise<unknown>) => {
    await operator.sh(`: >${heard}`);
    await run();
    return (await operator.sh(`cat ${heard}`)).split('\n');
  };
  beforeAll(async () => {
    await operator.sh('mkdir -p deploy/probe/hooks');
    for (const name of HOOKS)
      await probe.setFile(
        `hooks/${name}`,
        `#!/bin/sh\necho "$WAGGLE_HOOK $WAGGLE_TAG $WAGGLE_FAILURE" >>${heard}\n`,
      );
    await operator.sh('chmod +x deploy/probe/hooks/*');
  });
  afterAll(() => operator.sh(`rm -rf deploy/probe/hooks ${heard}`));

  test('are run in their turn', async () => {
    expect(await hear(() => expectDeployed({ side: 'replicas: 2' }))).toEqual([
      'pre-build v1 ',
      'pre-deploy v1 ',
      'post-deploy v1',
    ]);
  });

  test('hear of a failure after everything was put back', async () => {
    const crash = service('exit 3', 'restart_policy: { condition: none }');
    expect(await hear(() => expectTakenBack({ side: 'replicas: 2', extra: crash }))).toEqual([
      'pre-build v1 ',
      'pre-deploy v1 ',
      'on-rollback v1 ',
      'on-failure v1 NOT_CONVERGED',
    ]);
  });

  test('stop a deploy before it changes anything', async () => {
    await probe.setFile('hooks/pre-deploy', '#!/bin/sh\nexit 1\n');
    await operator.sh('chmod +x deploy/probe/hooks/pre-deploy');
    const before = await readSpecs(lab);
    await probe.setStack({ side: 'replicas: 3' });
    const { code, stderr } = await probe.run(['deploy']);
    expect(code, stderr).toBe(FAILURES.HOOK_FAILED);
    expect(await readSpecs(lab)).toEqual(before);
    await probe.setStack({});
  });
});

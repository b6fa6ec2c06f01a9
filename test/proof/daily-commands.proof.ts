// Proves: logs, exec, run, scale, restart, secrets, prune and the like do what they say on a stack that runs.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../../src/lab/engine.ts';
import type { StackStatus } from '../../src/plan/status/stack-status.ts';
import { FAILURES } from '../../src/shared/errors.ts';
import { findResidue, readRollout, readSecretNames } from '../lab/cluster.ts';
import { labUp } from '../lab/lab.ts';
import { NODES, Operator } from '../lab/operator.ts';
import { IMAGE, Probe } from '../lab/probe.ts';
import { reset } from '../lab/reset.ts';

/** Daily work on a stack that runs: every command that is no deploy. */
const lab = await labUp();
const [m1, m2] = lab.managers;
const operator = new Operator(lab);
const probe = new Probe(operator);
const EXTRA = [
  `said: { image: "${IMAGE}", command: [sh, -c, 'echo "said $$A says hello"; exec sleep 3600'], environment: { A: "1" }, stop_grace_period: 1s }`,
  // A one-off can be run of it, but nowhere.
  `nowhere: { image: "${IMAGE}", deploy: { replicas: 0, placement: { constraints: ["node.hostname == m9"] } } }`,
];
const STACK = { extra: EXTRA.join('\n  ') };

beforeAll(async () => {
  await reset(lab);
  await operator.checkOut();
  await operator.machine.writeFile('/home/operator/.ssh/config', NODES, { mode: '600', owner: 'operator' });
  await probe.setUp();
  await probe.setStack(STACK);
  const { code, stderr } = await probe.run(['deploy']);
  expect(code, stderr).toBe(0);
});
afterAll(async () => {
  await operator.sh('rm -f ~/.ssh/config');
  await reset(lab);
});
afterEach(async () => expect(await findResidue(lab), 'credentials left behind').toEqual([]));

async function runWell(...argv: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await probe.run(argv);
  expect(code, stdout + stderr).toBe(0);
  return stdout;
}

const count = async (service: string) => (await probe.tasks())[service]?.length;

test('status is one screen, and one document', async () => {
  const screen = await runWell('status');
  expect(screen).toMatch(/^probe: r1, v1, deployed \d{4}-\d\d-\d\d \d\d:\d\d by operator@/);
  expect(screen).toMatch(/^ {2}web +2\/2 +\d+ (s|min) +registry.lab:5000\/library\/redis:7@\w{12}$/m);
  expect(screen).toMatch(/^ {2}m\d +ready +yes +leader$/m);
  const status = JSON.parse(await runWell('status', '--json')) as StackStatus;
  expect(status).toMatchObject({ stack: 'probe', release: { number: 1 }, runs: [], drift: [] });
  expect(status.nodes.map(({ role }) => role).sort()).toEqual(['leader', 'manager', 'manager']);
});

test('status is watched until Ctrl-C', async () => {
  let shown = '';
  const watching = operator.startWaggle(['status', '--watch', '--env', 'probe'], {
    onOutput: (text) => (shown += text),
  });
  await until('it is shown', async () => shown.includes('probe: r1'));
  await m1.run(['docker', 'service', 'scale', '--detach', 'probe_side=0']);
  await until('what changed is shown', async () =>
    shown.includes('changed by hand: probe_side: replicas 1 -> 0'),
  );
  await watching.kill('SIGINT');
  expect((await watching.output).code).toBe(0);
  await m1.run(['docker', 'service', 'scale', '--detach', 'probe_side=1']);
});

describe('scale', () => {
  test('is a release: the number is reached, and is no drift', async () => {
    const stdout = await runWell('scale', 'web=3', 'side=2');
    expect(stdout).toContain('this is release r2');
    expect([await count('web'), await count('side')]).toEqual([3, 2]);
    expect(await runWell('releases')).toMatch(/^r2 +runs .* v1 \(scale web 2 -> 3, side 1 -> 2\)/m);
    expect(await runWell('status')).not.toContain('by hand');
  });

  test.each([
    ['wbe=1', 'probe has no service wbe: did you mean web?'],
    ['side', 'side must be service=replicas'],
  ])('of %s is refused, and changes nothing', async (word, reason) => {
    const before = await readRollout(lab);
    const { code, stderr } = await probe.run(['scale', word]);
    expect(code, stderr).toBe(FAILURES.USAGE);
    expect(stderr).toContain(reason);
    expect(await readRollout(lab)).toEqual(before);
  });

  test('is taken back by a rollback', async () => {
    await runWell('rollback', 'r1');
    expect([await count('web'), await count('side')]).toEqual([2, 1]);
  });
});

test('restart gives a service new tasks, and the others none', async () => {
  const before = await probe.tasks();
  await runWell('restart', 'web');
  const after = await probe.tasks();
  expect(after.web).toHaveLength(2);
  expect(after.web?.filter((id) => before.web?.includes(id))).toEqual([]);
  expect(after.side).toEqual(before.side);
});

describe('secrets', () => {
  test('are listed with who uses them, and without a value', async () => {
    const shown = await runWell('secrets', 'ls');
    expect(shown).toMatch(/^secret +password +\d+ (s|min) +web +probe_password_v1_\d{14}$/m);
    expect(shown).toMatch(/^config +settings +\d+ (s|min) +web +probe_settings_v1_\d{14}$/m);
    expect(shown).not.toContain('hunter2');
  });

  test('that have not changed are not rotated', async () => {
    const { code, stderr } = await probe.run(['secrets', 'rotate', 'password', 'pasword']);
    expect(code).toBe(FAILURES.USAGE);
    expect(stderr).toMatch(/pasword(.|\n)*password, settings/);
    const before = await readRollout(lab);
    await runWell('secrets', 'rotate', 'password');
    expect(await readRollout(lab)).toEqual(before);
  });

  test('that have changed reach those that use them, as a release of their own', async () => {
    const before = await probe.tasks();
    await probe.setFile('secrets/password.txt', 'probe-hunter2-rotated-never-shown');
    const stdout = await runWell('secrets', 'rotate', 'password');
    expect(stdout).not.toContain('hunter2');
    expect(await runWell('exec', 'web', '--', 'cat', '/run/secrets/password')).toBe(
      'probe-hunter2-rotated-never-shown',
    );
    const after = await probe.tasks();
    expect(after.side).toEqual(before.side);
    expect(await runWell('releases')).toMatch(/ v1 \(rotate password for web\)/);
  });

  test('of a rotation that fails are taken back', async () => {
    const [before, names] = [await readRollout(lab), await readSecretNames(lab)];
    await probe.setFile('secrets/password.txt', 'probe-hunter2-again-never-shown');
    const { code, stderr } = await probe.run(['secrets', 'rotate', 'password'], {
      DEPLOY_HEALTHCHECK_URL: 'http://bastion.lab:9/',
      DEPLOY_HEALTHCHECK_ATTEMPTS: '1',
      ON_INCONCLUSIVE: 'restore',
    });
    expect([FAILURES.UNHEALTHY, FAILURES.RESTORE_UNHEALTHY], stderr).toContain(code);
    expect((await readRollout(lab)).specs).toEqual(before.specs);
    expect(await readSecretNames(lab)).toEqual(names);
  });
});

describe('logs', () => {
  test('of all services, and of one', async () => {
    expect(await runWell('logs', 'said')).toMatch(/^said\.1@m\d \| said 1 says hello$/m);
    expect(await runWell('logs')).toContain('said 1 says hello');
    expect(await runWell('logs', 'said', '-t')).toMatch(/^\d{4}-.*Z said\.1@m\d \| /m);
    expect(await runWell('logs', '--grep', 'hello$')).toMatch(/^(said\.1@m\d \| said 1 says hello\n)+$/);
    expect(await runWell('logs', 'said', '--since', '1ms')).toBe('');
  });

  test('that are asked for wrongly', async () => {
    for (const argv of [
      ['logs', 'siad'],
      ['logs', '--since', 'noon'],
      ['logs', '--grep', '('],
      ['logs', '-n', 'x'],
    ])
      expect((await probe.run(argv)).code).toBe(FAILURES.USAGE);
  });

  test('are followed into the tasks to come, until Ctrl-C; and are told by release', async () => {
    let shown = '';
    const following = operator.startWaggle(['logs', 'said', '-f', '--env', 'probe'], {
      onOutput: (text) => (shown += text),
    });
    await until('what was said is shown', async () => shown.includes('said 1 says hello'));
    const before = (JSON.parse(await runWell('status', '--json')) as StackStatus).release?.number;
    await probe.setStack({ ...STACK, extra: STACK.extra.replace('A: "1"', 'A: "9"') });
    await runWell('deploy');
    await until('the new task is heard', async () => shown.includes('said 9 says hello'));
    await following.kill('SIGINT');
    expect((await following.output).code).toBe(0);
    expect(shown.match(/said 9 says hello/g)).toHaveLength(1);
    const old = await runWell('logs', 'said', '--release', `r${before}`);
    expect([old.includes('said 1'), old.includes('said 9')]).toEqual([true, false]);
  });
});

describe('exec', () => {
  test('reaches a task on whichever node, with its input, output and status', async () => {
    for (const task of ['web.1', 'web.2']) {
      const argv = ['exec', '--env', 'probe', task, '--', 'sh', '-c', 'cat; echo err >&2; exit 7'];
      const { code, stdout, stderr } = await operator.waggle(argv, { input: 'typed' });
      expect([code, stdout], stderr).toEqual([7, 'typed']);
      expect(stderr).toContain('err\n');
    }
  });

  test('says how a node that ssh does not know can be reached, and then reaches it', async () => {
    await probe.setStack({ ...STACK, placement: 'placement: { constraints: ["node.hostname == m2"] }' });
    await runWell('deploy');
    const hostname = ['exec', 'web', '--', 'cat', '/etc/hostname'];
    await operator.sh('mv ~/.ssh/config ~/.ssh/away');
    const { code, stderr } = await probe.run(hostname);
    expect(code).toBe(FAILURES.UNREACHABLE);
    expect(stderr).toMatch(/^ {2}m2: /m);
    expect(stderr).toContain('a Host in ~/.ssh/config');
    await operator.sh('mv ~/.ssh/away ~/.ssh/config');
    const shown = await runWell(...hostname);
    const own = await m2.run(['docker', 'ps', '--quiet', '--filter', 'name=probe_web']);
    expect(own.split('\n')).toContain(shown.trim());
  });

  test('in what does not run', async () => {
    expect((await probe.run(['exec', 'web.9', 'true'])).code).toBe(FAILURES.NOT_CONVERGED);
    expect((await probe.run(['exec', 'wbe', 'true'])).stderr).toContain('did you mean web?');
  });
});

describe('run', () => {
  const oneOffs = () => m1.run(['docker', 'service', 'ls', '--quiet', '--filter', 'name=probe-waggle-run']);
  afterEach(async () => expect(await oneOffs()).toBe(''));

  test('has the image, secrets and environment of the service; its words and status are the command’s', async () => {
    const script = 'echo "A=$A"; wc -c </run/secrets/password; cat /run/secrets/password; exit 5';
    const { code, stdout } = await probe.run(['run', 'web', '--', 'sh', '-c', script]);
    expect(code).toBe(5);
    expect(stdout).toMatch(/^A=1\n\d+\n/);
    expect(stdout).not.toContain('hunter2');
    expect(await runWell('run', 'web', '--', 'sh', '-c', 'exit 0')).toBe('');
  });

  test('ends as a shell would when the image has no such program', async () => {
    expect((await probe.run(['run', 'web', '--', 'no-such-program'])).code).toBe(127);
  });

  test('that no node may run is given up, with the reason', async () => {
    const { code, stderr } = await probe.run(['run', 'nowhere', '--', 'true'], { PROGRESS_DEADLINE: '3' });
    expect(code, stderr).toBe(FAILURES.NOT_CONVERGED);
    expect(stderr).toContain('no suitable node (scheduling constraints not satisfied');
  });

  test('is ended by Ctrl-C, and leaves nothing', async () => {
    let shown = '';
    const running = operator.startWaggle(
      ['run', 'web', '--env', 'probe', '--', 'sh', '-c', 'echo begun; sleep 600'],
      {
        onOutput: (text) => (shown += text),
      },
    );
    await until('it has begun', async () => shown.includes('begun'));
    await running.kill('SIGINT');
    expect((await running.output).code).toBe(FAILURES.CANCELLED);
  });
});

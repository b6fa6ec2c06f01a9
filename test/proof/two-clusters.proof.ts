// Proves: a run is held to one cluster and one project: a manager of another cluster, and another project's stack, are refused.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addressOf } from '../../src/lab/address.ts';
import { until } from '../../src/lab/engine.ts';
import type { Machine, Output } from '../../src/lab/machine.ts';
import { FAILURES } from '../../src/shared/errors.ts';
import { killEngine, restartEngine } from '../lab/faults.ts';
import { NODES, Operator } from '../lab/operator.ts';
import { IMAGE, Probe } from '../lab/probe.ts';
import { probeOnCleanLab } from '../lab/probe-on-clean-lab.ts';
import { runMeanwhile } from '../lab/run-meanwhile.ts';
import { restartSshd } from '../lab/sshd.ts';

const { lab, operator, probe } = await probeOnCleanLab();
const [m1, m2, m3] = lab.managers;
/** So much later a cluster is looked at once more. */
const LATER_MS = 60_000;
let version = 0;

beforeAll(async () => {
  await lab.workstation.writeFile('/home/operator/.ssh/config', NODES, {
    mode: '600',
    owner: 'operator:operator',
  });
});
afterAll(async () => {
  await lab.workstation.run(['rm', '-f', '/home/operator/.ssh/config']);
});

const through = (...managers: readonly Machine[]) => ({
  DEPLOY_MANAGER_HOST: managers.map(({ name }) => name).join(','),
  DEPLOY_MANAGER_SSH_PORT: '',
});
const idOf = (machine: Machine) => machine.run(['sh', '-c', 'docker info --format "{{.Swarm.Cluster.ID}}"']);

/** Everything in the cluster that a deploy could have changed, but for the lock's renewals. */
async function readAll(machine: Machine): Promise<string> {
  const script = `
    docker service ls -q | xargs -r docker service inspect --format '{{.Spec.Name}} {{.Version.Index}} {{json .Spec}}' | sort
    docker secret ls --format '{{.ID}} {{.Name}}' | sort
    docker config ls --format '{{.ID}} {{.Name}}' | sort
    docker network ls --filter driver=overlay --format '{{.Name}}' | sort`;
  return machine.run(['sh', '-c', script]);
}

async function next(): Promise<void> {
  await probe.setStack({
    environment: `{ VERSION: "${++version}" }`,
    update: '{ parallelism: 0, monitor: 15s }',
  });
}

async function deploy(...managers: readonly Machine[]): Promise<Output> {
  await next();
  return probe.run(['deploy'], through(...managers));
}

async function expectVersion(machine: Machine, wanted = String(version)): Promise<void> {
  const format = '{{.Spec.TaskTemplate.ContainerSpec.Env}}';
  const said = await machine.run(['docker', 'service', 'inspect', '--format', format, 'probe_web']);
  expect(said).toBe(`[VERSION=${wanted}]`);
}

/** The first manager's sshd dies while the new version comes up. */
async function deployAndLose(first: Machine, ...others: readonly Machine[]): Promise<Output> {
  await next();
  const env = { DEPLOY_TAG: `v${version}`, ...through(first, ...others) };
  return runMeanwhile(operator, ['deploy', '--env', 'probe'], env, async ({ says }) => {
    await says('> wait for convergence');
    await first.run(['pkill', '-KILL', 'sshd']);
  });
}

async function expectUntouched(machine: Machine, before: string): Promise<void> {
  expect(await readAll(machine)).toBe(before);
  await sleep(LATER_MS);
  expect(await readAll(machine)).toBe(before);
}

describe('another project has a stack of the same name', () => {
  const theirs = new Probe(new Operator(lab, lab.laptop));
  let before = '';

  beforeAll(async () => {
    const { operator: other } = theirs;
    await other.checkOut();
    await other.sh('rm -rf .git && git init --quiet');
    await other.sh('git config user.email other@lab && git config user.name other');
    await other.commit('another root');
    await theirs.setUp();
    await theirs.setStack({ environment: '{ VERSION: theirs }' });
    const { code, stdout, stderr } = await deploy(m1);
    expect(code, stdout + stderr).toBe(0);
    before = await readAll(m1);
  });

  const expectRefused = async (output: Output) => {
    expect(output.code, output.stdout + output.stderr).toBe(FAILURES.WRONG_STACK);
    expect(output.stderr).toContain('the stack probe runs another project');
    expect(output.stderr).toMatch(/r\d+, by operator@\S+, is from root commit \w{12}/);
  };

  test('its deploy is refused, and nothing changes', async () => {
    await expectRefused(await theirs.run(['deploy']));
    await expectUntouched(m1, before);
  });

  test('so is a plan that it has saved', async () => {
    const planned = await theirs.run(['plan', '--out', '/tmp/waggle-plan.json']);
    expect(planned.stdout + planned.stderr).toContain('the stack probe runs another project');
    await expectRefused(await theirs.run(['deploy', '/tmp/waggle-plan.json']));
    expect(await readAll(m1)).toBe(before);
  });

  test.each([
    [['rollback', '--yes']],
    [['scale', 'side=2']],
    [['restart', 'side']],
    [['secrets', 'rotate', 'password']],
    [['remove', '--yes']],
    [['remove', '--dry-run']],
  ])('so is %j', async (argv) => {
    await expectRefused(await theirs.run(argv));
    expect(await readAll(m1)).toBe(before);
  });

  test('with --allow-replace it takes the stack, which is then its own', async () => {
    const { code, stdout, stderr } = await theirs.run(['deploy', '--allow-replace']);
    expect(code, stdout + stderr).toBe(0);
    await expectVersion(m1, 'theirs');
    const again = await theirs.run(['deploy']);
    expect(again.code, again.stdout + again.stderr).toBe(0);
    await expectRefused(await deploy(m1));
    const ours = await probe.run(['deploy', '--allow-replace']);
    expect(ours.code, ours.stdout + ours.stderr).toBe(0);
    await expectVersion(m1);
  });
});

describe('m3 is a cluster of its own, with a stack of the same name', () => {
  let before = '';
  let ids: readonly [string, string] = ['', ''];

  beforeAll(async () => {
    await m1.run(['docker', 'node', 'demote', 'm3']);
    await until('m3 is a worker', async () =>
      (await m3.run(['docker', 'info', '--format', '{{.Swarm.ControlAvailable}}'])).includes('false'),
    );
    await m3.run(['docker', 'swarm', 'leave', '--force']);
    await m1.run(['docker', 'node', 'rm', '--force', 'm3']);
    await m3.run(['docker', 'swarm', 'init', '--advertise-addr', await addressOf(lab, m3)]);
    for (const name of ['probe_web', 'probe_other'])
      await m3.run([
        ...['docker', 'service', 'create', '--detach', '--replicas', '0', '--no-resolve-image'],
        ...['--name', name, '--label', 'com.docker.stack.namespace=probe', IMAGE],
      ]);
    before = await readAll(m3);
    ids = [await idOf(m1), await idOf(m3)];
    const { code, stdout, stderr } = await deploy(m1);
    expect(code, stdout + stderr).toBe(0);
  });

  const expectNamed = ({ stdout, stderr }: Output) => {
    expect(stdout + stderr).toContain(`m3 is a manager of the cluster ${ids[1]}, not of ${ids[0]}`);
  };

  test('it comes next when the first goes away: the one after it serves', async () => {
    try {
      const output = await deployAndLose(m1, m3, m2);
      expect(output.code, output.stdout + output.stderr).toBe(0);
      expectNamed(output);
      await expectVersion(m2);
    } finally {
      await restartSshd(m1);
    }
    await expectUntouched(m3, before);
  });

  test('no other is left: nothing is restored there, and the next run settles it', async () => {
    try {
      const output = await deployAndLose(m1, m3);
      expect(output.code, output.stdout + output.stderr).toBe(FAILURES.RESTORE_FAILED);
      expectNamed(output);
    } finally {
      await restartSshd(m1);
    }
    await expectUntouched(m3, before);
    const { code, stdout, stderr } = await probe.run(['deploy', '--on-interrupted=rollback'], through(m1));
    expect(code, stdout + stderr).toBe(0);
    await expectVersion(m1);
  });

  test.each([
    ['deploy'],
    ['status'],
    ['plan'],
    ['rollback'],
    ['scale', 'web=1'],
    ['restart', 'web'],
    ['prune'],
  ])('it is the only one that is named, after a deploy elsewhere: %s is refused', async (...argv) => {
    const { code, stdout, stderr } = await probe.run(argv, through(m3));
    expect(code, stdout + stderr).toBe(FAILURES.WRONG_CLUSTER);
    for (const id of ids) expect(stderr).toContain(id);
    expect(await readAll(m3)).toBe(before);
  });

  test('it is named first, and the cluster is set: it is passed over', async () => {
    await next();
    const env = { ...through(m3, m1), DEPLOY_CLUSTER_ID: ids[0] };
    const output = await probe.run(['deploy'], env);
    expect(output.code, output.stdout + output.stderr).toBe(0);
    expectNamed(output);
    await expectVersion(m1);
    expect(await readAll(m3)).toBe(before);
  });

  test('a saved plan is deployed nowhere else', async () => {
    await next();
    const planned = await probe.run(['plan', '--out', '/tmp/waggle-plan.json'], through(m1));
    expect(planned.code, planned.stderr).toBe(0);
    const { code, stdout, stderr } = await probe.run(['deploy', '/tmp/waggle-plan.json'], through(m3));
    expect(code, stdout + stderr).toBe(FAILURES.WRONG_CLUSTER);
    expect(await readAll(m3)).toBe(before);
    const output = await probe.run(['deploy', '/tmp/waggle-plan.json'], through(m1));
    expect(output.code, output.stdout + output.stderr).toBe(0);
    await expectVersion(m1);
  });

  test('doctor says which manager belongs to which cluster', async () => {
    const { code, stdout } = await probe.run(['doctor'], through(m1, m2, m3));
    expect(code).toBe(FAILURES.PREFLIGHT_FAILED);
    expect(stdout).toMatch(new RegExp(`cluster: m1, m2: the cluster ${ids[0]}`));
    expect(stdout).toContain(`m3 is a manager of the cluster ${ids[1]}, not of ${ids[0]}`);
  });

  test('with --allow-new-cluster it is deployed to, and the cluster before is then the other one', async () => {
    await next();
    const { code, stdout, stderr } = await probe.run(
      ['deploy', '--allow-new-cluster', '--on-drift=overwrite'],
      through(m3),
    );
    expect(code, stdout + stderr).toBe(0);
    await expectVersion(m3);
    expect((await probe.run(['status'], through(m1))).code).toBe(FAILURES.WRONG_CLUSTER);
    expect((await probe.run(['status'], through(m3))).code).toBe(0);
    expect((await probe.run(['deploy', '--allow-new-cluster'], through(m1))).code).toBe(0);
  });
});

describe('m1 was forced to be a cluster of its own, and m2 and m3 are back, with the same id', () => {
  const wires: string[][] = [];

  beforeAll(async () => {
    const { reset } = await import('../lab/reset.ts');
    await reset(lab);
    await operator.checkOut();
    await probe.setUp();
    const { code, stderr } = await deploy(m1);
    expect(code, stderr).toBe(0);
    await Promise.all([killEngine(m2), killEngine(m3)]);
    await until('there is no quorum', async () => (await m1.exec(['docker', 'node', 'ls'])).code !== 0);
    const own = await addressOf(lab, m1);
    await m1.run(['docker', 'swarm', 'init', '--force-new-cluster', '--advertise-addr', own]);
    for (const other of [m2, m3])
      for (const [chain, end] of [
        ['INPUT', '-s'],
        ['OUTPUT', '-d'],
      ] as const)
        wires.push([chain, end, await addressOf(lab, other), '-j', 'DROP']);
    for (const wire of wires) await m1.run(['iptables', '-I', ...wire]);
    await Promise.all([restartEngine(m2), restartEngine(m3)]);
    await until('m2 and m3 have a leader', async () => (await m2.exec(['docker', 'node', 'ls'])).code === 0);
  });
  afterAll(async () => {
    for (const wire of wires) await m1.exec(['iptables', '-D', ...wire]);
  });

  test('m2 comes next when m1 goes away: nothing is restored in the half that it is of', async () => {
    expect(await idOf(m2)).toBe(await idOf(m1));
    const before = await readAll(m2);
    try {
      const { code, stdout, stderr } = await deployAndLose(m1, m2);
      expect(code, stdout + stderr).toBe(FAILURES.LOCK_LOST);
      expect(stdout + stderr).toContain("does not have this run's lock");
    } finally {
      await restartSshd(m1);
    }
    await expectUntouched(m2, before);
    const { code, stderr } = await probe.run(['deploy', '--on-interrupted=rollback'], through(m1));
    expect(code, stderr).toBe(0);
    await expectVersion(m1);
  });

  test('doctor says that they are two', async () => {
    const { code, stdout } = await probe.run(['doctor'], through(m1, m2, m3));
    expect(code).toBe(FAILURES.PREFLIGHT_FAILED);
    expect(stdout).toMatch(/m1: the cluster \w+, led by m1/);
    expect(stdout).toMatch(/m2, m3: the cluster \w+, led by m[23]/);
  });
});

// Proves: a connection that drops at any step, a slow one, and a manager that goes away do not end a deploy.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../../src/lab/engine.ts';
import { hasQuorum } from '../../src/lab/swarm.ts';
import { FAILURES } from '../../src/shared/errors.ts';
import { findResidue } from '../lab/cluster.ts';
import { dropSshConnections, killEngine, restartEngine, setSshDelay } from '../lab/faults.ts';
import { beforeAnyChange, duringChanges, onceHealthy } from '../lab/kill-points.ts';
import { labUp } from '../lab/lab.ts';
import { Operator } from '../lab/operator.ts';
import { Probe } from '../lab/probe.ts';
import { reset } from '../lab/reset.ts';
import { restartSshd } from '../lab/sshd.ts';

/** What becomes of a deploy when its connection, or the manager at its other end, goes away. */
const lab = await labUp();
const [m1, m2, m3] = lab.managers;
const operator = new Operator(lab);
const probe = new Probe(operator);
let version = 0;

beforeAll(async () => {
  await reset(lab);
  await operator.checkOut();
  await probe.setUp();
  const hosts = [1, 2, 3].map((at) => `Host m${at}\n  HostName bastion.lab\n  Port 220${at}\n`);
  await lab.workstation.writeFile('/home/operator/.ssh/config', hosts.join(''), {
    mode: '600',
    owner: 'operator:operator',
  });
});
afterAll(async () => {
  await lab.workstation.run(['rm', '-f', '/home/operator/.ssh/config']);
  await reset(lab);
});
afterEach(async () => expect(await findResidue(lab), 'credentials left behind').toEqual([]));

/** A deploy that restarts every task of `web` and rotates a secret; `when` it says something, `act` is done once. */
async function deployAnd(when: string, act: () => Promise<void>, env: Record<string, string> = {}) {
  version++;
  await probe.setStack({ environment: `{ A: "${version}" }` });
  await probe.setFile('secrets/password.txt', `probe-hunter2-${version}`);
  let printed = '';
  const running = operator.startWaggle(['deploy', '--env', 'probe'], {
    env: { DEPLOY_TAG: `v${version}`, ...env },
    onOutput: (text) => (printed += text),
  });
  let isOver = false;
  const output = running.output.finally(() => (isOver = true));
  await until(`it says ${when}`, async () => printed.includes(when) || isOver);
  expect(printed).toContain(when);
  await act();
  return output;
}

async function expectDeployed(env: Record<string, string> = {}): Promise<void> {
  const { plan, output } = await probe.plan({ DEPLOY_TAG: `v${version}`, ...env });
  expect(output.code, output.stdout + output.stderr).toBe(0);
  expect(plan.services.map(({ action }) => action)).toEqual(['nothing', 'nothing']);
  expect((await probe.tasks()).web).toHaveLength(2);
}

describe('a connection that drops', () => {
  // Hooks run here, and the probe has none.
  const steps = [
    'ask the cluster',
    'check before any change',
    ...beforeAnyChange,
    ...duringChanges,
    ...onceHealthy,
  ];
  test.each(steps.filter((step) => !step.includes('hook')))(
    'at "%s" is opened again, and the deploy goes on',
    async (step) => {
      const { code, stderr } = await deployAnd(`> ${step}`, () => dropSshConnections(lab));
      expect(code, stderr).toBe(0);
      await expectDeployed();
    },
  );
});

describe('a manager', () => {
  test('that is 200 ms away is deployed to', async () => {
    await setSshDelay(lab, 100);
    try {
      const { code, stderr } = await deployAnd('> wait for convergence', async () => {});
      expect(code, stderr).toBe(0);
    } finally {
      await setSshDelay(lab, 0);
    }
    await expectDeployed();
  });

  test('takes a key whose passphrase is typed on a terminal, where it is not shown', async () => {
    const keys = '/home/deploy/.ssh/authorized_keys';
    const before = await m1.run(['cat', keys]);
    await operator.sh('ssh-keygen -q -t ed25519 -N typed-hunter2 -f ~/.ssh/locked');
    await m1.writeFile(keys, await operator.sh('cat ~/.ssh/locked.pub'), {
      mode: '600',
      owner: 'deploy:deploy',
    });
    try {
      const type =
        "for _ in $(seq 300); do grep -q 'passphrase of' /tmp/typed && break; sleep 0.2; done; echo typed-hunter2";
      const waggle = 'script --quiet --flush --return --command "waggle plan --env probe" /tmp/typed';
      const env = `export DEPLOY_TAG=v${version} DEPLOY_SSH_KEY=$HOME/.ssh/locked`;
      const shown = await operator.sh(`${env}; { ${type}; } | ${waggle}`);
      expect(shown).toContain('passphrase of /home/operator/.ssh/locked');
      expect(shown).toContain('nothing to do');
      expect(shown).not.toContain('hunter2');
    } finally {
      await m1.writeFile(keys, `${before}\n`, { mode: '600', owner: 'deploy:deploy' });
      await operator.sh('rm -f /tmp/typed ~/.ssh/locked*');
    }
  });
});

describe('several managers', () => {
  const SEVERAL = { DEPLOY_MANAGER_HOST: 'm1,m2', DEPLOY_MANAGER_SSH_PORT: '' };

  test('the next takes over the wait when the first goes away', async () => {
    const { code, stdout, stderr } = await deployAnd(
      '> wait for convergence',
      async () => void (await m1.run(['pkill', '-KILL', 'sshd'])),
      SEVERAL,
    );
    try {
      expect(code, stdout + stderr).toBe(0);
      await expectDeployed(SEVERAL);
    } finally {
      await restartSshd(m1);
    }
  });

  test('the next serves when the Docker of the first is not running', async () => {
    try {
      await killEngine(m1);
      const statusOf = ['docker', 'node', 'ls', '--filter', 'name=m1', '--format', '{{.Status}}'];
      await until('m1 is down', async () => (await m2.exec(statusOf)).stdout.includes('Down'));
      const { code, stdout, stderr } = await deployAnd('> connect to the manager', async () => {}, SEVERAL);
      expect(code, stdout + stderr).toBe(0);
      expect(stdout + stderr).toContain(
        'm1: Docker does not answer on its socket: the next manager takes over',
      );
    } finally {
      await restartEngine(m1);
      await until('there is a quorum', () => hasQuorum(m1));
    }
    await expectDeployed(SEVERAL);
  });

  test('none that answers: each is named', async () => {
    const { code, stderr } = await probe.run(['plan'], {
      DEPLOY_MANAGER_HOST: 'bastion.lab,nowhere.lab',
      DEPLOY_MANAGER_SSH_PORT: '2299',
    });
    expect(code).toBe(FAILURES.UNREACHABLE);
    expect(stderr).toContain('none of the 2 managers can be reached');
    expect(stderr).toContain('bastion.lab:2299: the connection was refused');
    expect(stderr).toContain('nowhere.lab:2299: there is no such host');
  });
});

describe('a host that is reached and of no use', () => {
  test('is no manager', async () => {
    await m1.run(['docker', 'node', 'demote', 'm3']);
    try {
      await until('m3 is a worker', async () => (await m3.exec(['docker', 'node', 'ls'])).code !== 0);
      const { code, stderr } = await probe.run(['plan'], { DEPLOY_MANAGER_SSH_PORT: '2203' });
      expect(code, stderr).toBe(FAILURES.PREFLIGHT_FAILED);
      expect(stderr).toContain('is no Swarm manager');
    } finally {
      await m1.run(['docker', 'node', 'promote', 'm3']);
      await until('m3 is a manager', () => hasQuorum(m3));
    }
  });

  test('has no quorum', async () => {
    try {
      await Promise.all([killEngine(m2), killEngine(m3)]);
      await until('there is no leader', async () => (await m1.exec(['docker', 'node', 'ls'])).code !== 0);
      const { code, stderr } = await probe.run(['plan']);
      expect(code, stderr).toBe(FAILURES.PREFLIGHT_FAILED);
      expect(stderr).toContain('too few managers are online');
      expect(stderr).toContain('bring the managers back');
    } finally {
      await Promise.all([restartEngine(m2), restartEngine(m3)]);
      await until('there is a quorum', () => hasQuorum(m1));
      // A leader that lost its followers, and became leader again, begins no jobs any more: swarmkit's, until it restarts.
      await killEngine(m1);
      await restartEngine(m1);
      await until('there is a quorum again', () => hasQuorum(m1));
    }
  });
});

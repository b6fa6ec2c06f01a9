// Proves: a connection that drops at any step, a slow one, and a manager that goes away do not end a deploy.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../../src/lab/engine.ts';
import { PROJECT } from '../../src/lab/move-in.ts';
import { hasQuorum } from '../../src/lab/swarm.ts';
import { REGISTRY } from '../../src/lab/topology.ts';
import { FAILURES } from '../../src/shared/errors.ts';
import { findResidue, readImages } from '../lab/cluster.ts';
import { DisturbedDeploys } from '../lab/disturbed-deploys.ts';
import { dropSshConnections, killEngine, restartEngine, setSshDelay } from '../lab/faults.ts';
import { beforeAnyChange, duringChanges, everyStepAndBuild, onceHealthy } from '../lab/kill-points.ts';
import { NODES } from '../lab/operator.ts';
import { IMAGE } from '../lab/probe.ts';
import { probeOnCleanLab } from '../lab/probe-on-clean-lab.ts';
import { restartSshd, setSshd } from '../lab/sshd.ts';

/** What becomes of a deploy when its connection, or the manager at its other end, goes away. */
const { lab, operator, probe } = await probeOnCleanLab();
const [m1, m2, m3] = lab.managers;
const deploys = new DisturbedDeploys(probe);

beforeAll(async () => {
  await lab.workstation.writeFile('/home/operator/.ssh/config', NODES, {
    mode: '600',
    owner: 'operator:operator',
  });
});
afterAll(async () => {
  await lab.workstation.run(['rm', '-f', '/home/operator/.ssh/config']);
});
afterEach(async () => expect(await findResidue(lab), 'credentials left behind').toEqual([]));

describe('a connection that drops', () => {
  const whole = new DisturbedDeploys(probe, everyStepAndBuild);
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
      const { code, stderr } = await whole.deployAnd(`> ${step}`, () => dropSshConnections(lab));
      expect(code, stderr).toBe(0);
      await whole.expectDeployed();
    },
  );
});

describe('a manager', () => {
  test('that is 200 ms away is deployed to', async () => {
    await setSshDelay(lab, 100);
    try {
      const { code, stderr } = await deploys.deployAnd('> wait for convergence', async () => {});
      expect(code, stderr).toBe(0);
    } finally {
      await setSshDelay(lab, 0);
    }
    await deploys.expectDeployed();
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
      const env = `export DEPLOY_TAG=v${deploys.version} DEPLOY_SSH_KEY=$HOME/.ssh/locked`;
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

describe('a server whose sshd opens few sessions at once', () => {
  const HOOKS = ['pre-build', 'pre-deploy', 'post-deploy'];
  afterEach(async () => {
    await setSshd(m1, '');
    await lab.workstation.run(['rm', '-rf', `${PROJECT}/deploy/probe/hooks`]);
  });

  test.each([2, 1])('%i of them: all of a deploy goes through, build and hooks among it', async (most) => {
    for (const name of HOOKS) await probe.setHook(name, 'echo "$0 was here"');
    await probe.setFile('app/Dockerfile', `FROM ${IMAGE}\nRUN cat /proc/sys/kernel/random/uuid >/stamp\n`);
    const image = `${REGISTRY.host}/probe/app`;
    await deploys.next({ image, web: 'build: { context: app }' });
    await operator.commit(`image ${deploys.version}`);
    await setSshd(m1, `MaxSessions ${most}\n`);
    const { code, stdout, stderr } = await probe.run(['deploy'], deploys.tag);
    expect(code, stdout + stderr).toBe(0);
    for (const name of HOOKS) expect(stdout + stderr).toContain(`${name} was here`);
    expect((await readImages(lab)).probe_web).toEqual(
      Array(2).fill(expect.stringMatching(`^${image}:v${deploys.version}@sha256:`)),
    );
    await deploys.expectDeployed();
  });

  test('none: says so', async () => {
    await deploys.next();
    await setSshd(m1, 'MaxSessions 0\n');
    const { code, stderr } = await probe.run(['deploy'], deploys.tag);
    expect(code, stderr).toBe(FAILURES.UNREACHABLE);
    expect(stderr).toContain('bastion.lab opens no session for a script');
    expect(stderr).toContain('MaxSessions');
  });
});

describe('several managers', () => {
  const SEVERAL = { DEPLOY_MANAGER_HOST: 'm1,m2', DEPLOY_MANAGER_SSH_PORT: '' };

  test('the next takes over the wait when the first goes away', async () => {
    const { code, stdout, stderr } = await deploys.deployAnd(
      '> wait for convergence',
      async () => void (await m1.run(['pkill', '-KILL', 'sshd'])),
      SEVERAL,
    );
    try {
      expect(code, stdout + stderr).toBe(0);
      await deploys.expectDeployed(SEVERAL);
    } finally {
      await restartSshd(m1);
    }
  });

  test('the next serves when the Docker of the first is not running', async () => {
    try {
      await killEngine(m1);
      const statusOf = ['docker', 'node', 'ls', '--filter', 'name=m1', '--format', '{{.Status}}'];
      await until('m1 is down', async () => (await m2.exec(statusOf)).stdout.includes('Down'));
      const { code, stdout, stderr } = await deploys.deployAnd(
        '> connect to the manager',
        async () => {},
        SEVERAL,
      );
      expect(code, stdout + stderr).toBe(0);
      expect(stdout + stderr).toContain(
        'm1: Docker does not answer on its socket: the next manager takes over',
      );
    } finally {
      await restartEngine(m1);
      await until('there is a quorum', () => hasQuorum(m1));
    }
    await deploys.expectDeployed(SEVERAL);
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
      // While it becomes one, its engine complains of itself.
      const ask = ['docker', 'info', '--format', '{{ .Swarm.ControlAvailable }}{{ .Swarm.Error }}'];
      await until('m3 is a worker', async () => (await m3.run(ask)) === 'false');
      const { code, stderr } = await probe.run(['plan'], { DEPLOY_MANAGER_SSH_PORT: '2203' });
      expect(code, stderr).toBe(FAILURES.PREFLIGHT_FAILED);
      expect(stderr).toContain('is not a Swarm manager');
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
      expect(stderr).toContain('restart managers');
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

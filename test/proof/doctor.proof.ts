// Proves: `waggle doctor` finds each thing that is wrong with a cluster or a machine, and calls a healthy one fine.
import { beforeAll, describe, expect, test } from 'vitest';
import { until } from '../../src/lab/engine.ts';
import { hasQuorum } from '../../src/lab/swarm.ts';
import { REGISTRY } from '../../src/lab/topology.ts';
import { FAILURES } from '../../src/shared/errors.ts';
import { readRunning, readState } from '../lab/cluster.ts';
import {
  closeOverlay,
  failRegistry,
  healRegistry,
  killEngine,
  openOverlay,
  restartEngine,
} from '../lab/faults.ts';
import type { Parts } from '../lab/probe.ts';
import { probeOnCleanLab } from '../lab/probe-on-clean-lab.ts';
import { loseConfig, retagFor } from '../lab/registry.ts';
import { setSshd } from '../lab/sshd.ts';

/** Each thing that can be wrong is made wrong in the lab, and must be named with what to do. */
const { lab, probe } = await probeOnCleanLab();
const [m1, m2, m3] = lab.managers;

/** A service without a health check is a warning of its own. */
const healthcheck = 'healthcheck: { test: [CMD, "true"], interval: 1s }';
const setStack = (change: Partial<Parts>) =>
  probe.setStack({ web: healthcheck, sideKeys: healthcheck, ...change });

beforeAll(async () => {
  await setStack({});
  await retagFor(lab, 'library/redis', ['7', 'arm'], 'arm64');
});

const doctor = (env: Readonly<Record<string, string>> = {}) => probe.run(['doctor'], env);

test('a healthy cluster: every line is fine, and nothing is changed', async () => {
  const before = await readState(lab);
  const { code, stdout, stderr } = await doctor();
  expect(code, stdout + stderr).toBe(0);
  expect(stdout.split('\n').filter((line) => !line.startsWith('ok '))).toEqual([
    '',
    '0 problems, 0 warnings',
    '',
  ]);
  for (const line of [
    'ok   connection: bastion.lab is reached',
    'ok   managers: 3 managers; 1 more may fail',
    'ok   nodes: all 3 are ready and active',
    'ok   engines: Docker 26.1.5',
    'ok   ports between nodes: bastion.lab: 7946/tcp and 2377/tcp are open',
    'ok   packets between nodes: bastion.lab: m1 to m2, m3 was not tried: the stack has no two tasks',
    'ok   disk: bastion.lab: ',
    'ok   clocks: bastion.lab: its clock agrees',
    'ok   login shell: bastion.lab: it runs commands, and prints nothing else',
    'ok   sshd: bastion.lab: keys only, no root, named users only',
    `ok   registry: ${REGISTRY.host} takes the login of lab`,
    'ok   images: all 1 that are not built are in their registries',
    'ok   credentials left behind: none',
  ])
    expect(stdout).toContain(line);
  expect(await readState(lab)).toEqual(before);
});

test('as JSON, every finding', async () => {
  const { stdout } = await probe.run(['doctor', '--json']);
  const examined = JSON.parse(stdout) as { name: string; findings: { state: string }[] }[];
  expect(examined.map(({ name }) => name)).toContain('ports between nodes');
  expect(examined.flatMap(({ findings }) => findings).every(({ state }) => state === 'fine')).toBe(true);
});

interface Ill {
  readonly what: string;
  readonly make: () => Promise<unknown>;
  readonly heal: () => Promise<unknown>;
  readonly says: readonly (string | RegExp)[];
  /** It is a warning: the exit status stays 0. */
  readonly isWarning?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

const node = (...argv: readonly string[]) => m1.run(['docker', 'node', ...argv]);
/** bash reads it for the commands of an SSH session, too. */
const BASHRC = '/home/deploy/.bashrc';
/** Found before the real one. */
const stub = (program: string) => `/usr/local/bin/${program}`;
let restoreBlob: () => Promise<unknown> = async () => {};
const sick: readonly Ill[] = [
  {
    what: 'a drained node',
    make: () => node('update', '--availability', 'drain', 'm3'),
    heal: () => node('update', '--availability', 'active', 'm3'),
    says: ['hm   nodes: m3 is set to drain', 'docker node update --availability active m3'],
    isWarning: true,
  },
  {
    what: 'an even number of managers',
    // It may be the leader: then another is elected, who hears of the nodes one by one.
    make: async () => {
      await node('demote', 'm3');
      await until('every node is heard of', async () =>
        (await node('ls', '--format', '{{.Status}}')).split('\n').every((status) => status === 'Ready'),
      );
    },
    heal: async () => {
      await node('promote', 'm3');
      await until('m3 is a manager', () => hasQuorum(m3));
    },
    says: ['hm   managers: 2 managers: one of them adds no safety'],
    isWarning: true,
  },
  {
    what: 'a manager that is gone',
    make: async () => {
      await killEngine(m2);
      await until('m2 is down', async () =>
        /Down .*Unreachable/.test(await node('ls', '--filter', 'name=m2')),
      );
    },
    heal: async () => {
      await restartEngine(m2);
      await until('m2 is back', () => hasQuorum(m1));
    },
    says: ['BAD  managers: m2 cannot be reached', 'does not answer on 7946/tcp'],
  },
  {
    what: 'an open door',
    make: () => setSshd(m1, 'PasswordAuthentication yes\nPermitRootLogin yes\n'),
    heal: () => setSshd(m1, ''),
    says: ['hm   sshd: bastion.lab: permitrootlogin is yes', 'write `PasswordAuthentication no`'],
    isWarning: true,
  },
  {
    what: 'a registry that refuses',
    make: () => failRegistry(lab, 'refuse'),
    heal: () => healRegistry(lab),
    says: ['BAD  registry: the manager could not log in to registry.lab:5000 as lab', 'BAD  images: '],
  },
  {
    what: 'an image for no node',
    make: () => setStack({ image: `${REGISTRY.host}/library/redis:arm` }),
    heal: () => setStack({}),
    says: ['BAD  images: registry.lab:5000/library/redis:arm is for linux/arm64, which no node is'],
  },
  {
    what: 'an image that is not there',
    make: () => setStack({ image: `${REGISTRY.host}/library/redis:none` }),
    heal: () => setStack({}),
    says: ['BAD  images: the manager could not look up registry.lab:5000/library/redis:none'],
  },
  {
    what: 'an image of which the registry has lost all but the manifest',
    make: async () => {
      restoreBlob = await loseConfig(lab, 'library/redis', '7');
    },
    heal: () => restoreBlob(),
    says: [
      'BAD  images: registry.lab:5000/library/redis:7 cannot be pulled: the registry has its manifest',
      'docker pull on a node says why',
    ],
  },
  {
    what: 'a login that was left behind',
    make: () =>
      m1.run([
        'sh',
        '-c',
        'mkdir /dev/shm/waggle-dead && touch /dev/shm/waggle-dead/config.json && touch -d "2 hours ago" /dev/shm/waggle-dead && chown -R deploy /dev/shm/waggle-dead',
      ]),
    heal: () => m1.run(['rm', '-r', '/dev/shm/waggle-dead']),
    says: [
      'BAD  credentials left behind: bastion.lab: /dev/shm/waggle-dead is the login of a run that was killed',
      'rm -r /dev/shm/waggle-dead',
    ],
  },
  {
    what: 'a clock that is an hour behind',
    make: () =>
      m1.writeFile(stub('date'), '#!/bin/sh\nexec /usr/bin/date -d "1 hour ago" "$@"\n', { mode: '755' }),
    heal: () => m1.run(['rm', stub('date')]),
    says: [/clocks: bastion.lab: its clock is 3(59|60)\d s off/, 'timedatectl set-ntp true'],
    isWarning: true,
  },
  {
    what: 'a greeting in ~/.bashrc',
    make: () => m1.writeFile(BASHRC, 'echo Welcome\nprintf careful >&2\n', { owner: 'deploy' }),
    heal: () => m1.run(['rm', BASHRC]),
    says: [
      'hm   login shell: bastion.lab: it prints "Welcome" before the output of commands',
      'ok   clocks: ',
      'ok   credentials left behind: none',
      '0 problems, 1 warning',
    ],
    isWarning: true,
  },
  {
    what: 'a ~/.bashrc that ends the shell',
    make: () => m1.writeFile(BASHRC, 'echo closed for maintenance\nexit 3\n', { owner: 'deploy' }),
    heal: () => m1.run(['rm', BASHRC]),
    says: [
      'BAD  connection: bastion.lab: the login shell of deploy@bastion.lab ends (exit 3) before it runs a script',
      '1 problem, 0 warnings',
    ],
  },
  {
    what: 'a ~/.bashrc with a PATH that lacks docker',
    make: async () => {
      await m1.run(['sh', '-c', 'mkdir /opt/some && ln -s /usr/bin/* /opt/some && rm /opt/some/docker']);
      await m1.writeFile(BASHRC, 'PATH=/opt/some\n', { owner: 'deploy' });
    },
    heal: () => m1.run(['rm', '-r', BASHRC, '/opt/some']),
    says: ['BAD  login shell: bastion.lab: it does not find docker', 'link them into /usr/local/bin'],
  },
  {
    what: 'a disk that is all but full',
    make: () =>
      m1.writeFile(stub('df'), '#!/bin/sh\necho /dev/sda1 40000000 39500000 500000 99% /\n', { mode: '755' }),
    heal: () => m1.run(['rm', stub('df')]),
    says: ['BAD  disk: bastion.lab: 0.5 GiB are free for images', 'docker image prune'],
  },
  {
    what: 'a machine without git',
    make: () => lab.workstation.run(['mv', '/usr/bin/git', '/usr/bin/git.away']),
    heal: () => lab.workstation.run(['mv', '/usr/bin/git.away', '/usr/bin/git']),
    says: ['BAD  this machine: git is not there', 'install git'],
  },
  {
    what: 'a manager of several that is not reached',
    make: async () => {},
    heal: async () => {},
    env: { DEPLOY_MANAGER_HOST: 'bastion.lab,nowhere.lab' },
    says: [
      'ok   connection: bastion.lab is reached',
      'BAD  connection: nowhere.lab: cannot connect to deploy@nowhere.lab:2201: there is no such host',
    ],
  },
];

test.each(sick)('$what', async ({ make, heal, says, isWarning, env }) => {
  await make();
  try {
    const { code, stdout, stderr } = await doctor(env);
    for (const said of says) expect(stdout).toMatch(said);
    expect(code, stdout + stderr).toBe(isWarning ? 0 : FAILURES.PREFLIGHT_FAILED);
  } finally {
    await heal();
  }
});

describe('a stack with a task on each node', () => {
  const PASS = 'packets between nodes: bastion.lab: they pass between m1 and';
  beforeAll(async () => {
    await setStack({ deploy: 'mode: global' });
    const { code, stderr } = await probe.run(['deploy']);
    expect(code, stderr).toBe(0);
  });

  test('finds that packets pass between them', async () => {
    const { code, stdout, stderr } = await doctor();
    expect(code, stdout + stderr).toBe(0);
    expect(stdout).toContain(`ok   ${PASS} m2, m3 on the overlay network probe_default`);
  });

  test('finds the node that they do not reach, and touches no task for it', async () => {
    const before = await readRunning(lab);
    await closeOverlay(m2);
    try {
      const { code, stdout, stderr } = await doctor();
      expect(code, stdout + stderr).toBe(FAILURES.PREFLIGHT_FAILED);
      expect(stdout).toContain(`ok   ${PASS} m3 on the overlay network probe_default`);
      expect(stdout).toContain(
        'BAD  packets between nodes: bastion.lab: packets between m1 and m2 on the overlay network probe_default are lost',
      );
      expect(stdout).toContain('what to do: open 4789/udp and 7946/udp between the nodes');
    } finally {
      await openOverlay(m2);
    }
    expect((await doctor()).stdout).toContain(`ok   ${PASS} m2, m3`);
    expect(await readRunning(lab)).toEqual(before);
  });
});

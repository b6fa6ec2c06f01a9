// Proves: each way to authenticate, bastions, and host keys of every kind behave as OpenSSH does.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { addressOf } from '../../src/lab/address.ts';
import { until } from '../../src/lab/engine.ts';
import type { Machine } from '../../src/lab/machine.ts';
import { Secret } from '../../src/shared/secret.ts';
import { localShell, type Shell } from '../../src/shared/shell.ts';
import type { NamedKey } from '../../src/ssh/identities.ts';
import { SshSession } from '../../src/ssh/session.ts';
import { labUp } from '../lab/lab.ts';
import { reset } from '../lab/reset.ts';
import { restartSshd, setSshd } from '../lab/sshd.ts';

/** Waggle's own session against real OpenSSH servers, each with a configuration as `ssh` would read it. */
const lab = await labUp();
const { bastion, managers, workstation } = lab;
const [m1, m2] = managers;
const folder = mkdtempSync(join(tmpdir(), 'waggle-ssh-'));
const path = (file: string) => join(folder, file);
const address = new Map<Machine, string>();
const hostKeys = new Map<Machine, string>();

const ED25519 = '/etc/ssh/ssh_host_ed25519_key.pub';

beforeAll(async () => {
  await reset(lab);
  for (const machine of [m1, m2, bastion]) {
    address.set(machine, await addressOf(lab, machine));
    const [type, key] = (await machine.run(['cat', ED25519])).split(' ');
    hostKeys.set(machine, `${type} ${key}`);
  }
  writeFileSync(path('operator'), `${await workstation.run(['cat', '/home/operator/.ssh/id_ed25519'])}\n`, {
    mode: 0o600,
  });
  writeFileSync(path('known_hosts'), allKnown());
});
afterAll(() => rmSync(folder, { recursive: true }));

const known = (machine: Machine, marker = '') =>
  `${marker}${address.get(machine)} ${hostKeys.get(machine)}\n`;
const allKnown = () => [m1, m2, bastion].map((machine) => known(machine)).join('');

interface Given {
  /** Lines for the host m1, such as ProxyJump. */
  readonly config?: string;
  readonly others?: string;
  readonly knownHosts?: string;
  readonly key?: string;
  readonly agent?: string;
  readonly named?: NamedKey;
  readonly hostKey?: string;
  readonly passphrase?: string;
  readonly managers?: readonly string[];
}

/** ~/.ssh/config of somebody who calls the managers m1 and m2. */
function sessionTo(given: Given = {}): SshSession {
  writeFileSync(path('known_hosts'), given.knownHosts ?? allKnown());
  // The first value counts, so what is given comes before.
  const host = (machine: Machine, more = '') =>
    `Host ${machine.name}\n${more}  HostName ${address.get(machine)}\n`;
  const config = [
    host(m1, given.config),
    host(m2),
    host(bastion),
    given.others ?? '',
    'Host *',
    '  User deploy',
    `  UserKnownHostsFile ${path('known_hosts')}`,
    '  GlobalKnownHostsFile /dev/null',
    `  IdentityAgent ${given.agent ?? 'none'}`,
    `  IdentityFile ${given.key ?? path('operator')}`,
  ];
  writeFileSync(path('config'), `${config.join('\n')}\n`);
  const shell: Shell = (argv, options) =>
    localShell(['ssh', '-F', path('config'), ...argv.slice(1)], options);
  return new SshSession(
    {
      managers: (given.managers ?? ['m1']).map((name) => ({ name })),
      key: given.named,
      hostKey: given.hostKey,
      ask: async () => given.passphrase,
      warn: () => {},
    },
    shell,
  );
}

async function whoami(given?: Given): Promise<string> {
  await using session = sessionTo(given);
  return (await session.run('echo "$(whoami)@$(hostname)"')).stdout.trim();
}

const refusal = (given: Given) =>
  whoami(given).then(
    (name) => `let in as ${name}`,
    (error) => [error.message, ...error.details, error.hint].join('\n'),
  );

afterEach(() => writeFileSync(path('known_hosts'), allKnown()));

describe('a key', () => {
  const makeKey = async (name: string, ...how: readonly string[]) => {
    execFileSync('ssh-keygen', ['-q', '-f', path(name), ...how]);
    const keys = await m1.run(['cat', '/home/deploy/.ssh/authorized_keys']);
    await m1.writeFile(
      '/home/deploy/.ssh/authorized_keys',
      `${keys}\n${readFileSync(path(`${name}.pub`), 'utf8')}`,
      { mode: '600', owner: 'deploy:deploy' },
    );
    return path(name);
  };

  test.each([
    ['ed25519', ['-t', 'ed25519']],
    ['ecdsa', ['-t', 'ecdsa']],
    ['rsa', ['-t', 'rsa', '-b', '2048']],
    ['rsa in PEM', ['-t', 'rsa', '-b', '2048', '-m', 'PEM']],
  ])('%s', async (name, how) => {
    const key = await makeKey(name.replaceAll(' ', '-'), '-N', '', ...how);
    expect(await whoami({ key })).toBe('deploy@m1');
    expect(await whoami({ key: path('none'), named: { path: key } })).toBe('deploy@m1');
    const text = readFileSync(key, 'utf8').trimEnd().replaceAll('\n', '\r\n');
    expect(await whoami({ key: path('none'), named: { text: new Secret(text) } })).toBe('deploy@m1');
  });

  test('with a passphrase, which is given or asked for', async () => {
    const key = await makeKey('locked', '-t', 'ed25519', '-N', 'a passphrase');
    expect(await whoami({ key, passphrase: 'a passphrase' })).toBe('deploy@m1');
    expect(await whoami({ key: path('none'), named: { path: key }, passphrase: 'a passphrase' })).toBe(
      'deploy@m1',
    );
    for (const given of [{ key, passphrase: 'wrong' }, { key }]) {
      const said = await refusal(given);
      expect(said).toContain('the key needs its passphrase');
      expect(said).toContain(`not offered: ${key}: needs its passphrase`);
    }
    expect(await refusal({ key: path('none'), named: { path: key } })).toContain('DEPLOY_SSH_KEY_PASSPHRASE');
  });

  test('in an agent; one of many only if it is named', async () => {
    const key = await makeKey('agent', '-t', 'ed25519', '-N', '', '-C', 'in the agent');
    const agent = path('agent.sock');
    const [, pid = ''] =
      /SSH_AGENT_PID=(\d+)/.exec(execFileSync('ssh-agent', ['-a', agent], { encoding: 'utf8' })) ?? [];
    const add = (file: string) =>
      execFileSync('ssh-add', ['-q', file], { env: { ...process.env, SSH_AUTH_SOCK: agent } });
    try {
      add(key);
      expect(await whoami({ key: path('none'), agent })).toBe('deploy@m1');
      execFileSync('ssh-add', ['-q', '-D'], { env: { ...process.env, SSH_AUTH_SOCK: agent } });
      for (const name of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) {
        execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path(name), '-C', name]);
        add(path(name));
      }
      add(key);
      const refused = await refusal({ key: path('none'), agent });
      expect(refused).toContain('it hung up after too many keys');
      expect(refused).toContain('offered: ssh agent (a, b, c, d, e, f, g, in the agent)');
      rmSync(key); // the public part is enough to say which
      expect(await whoami({ key, agent, others: 'Host *\n  IdentitiesOnly yes\n' })).toBe('deploy@m1');
    } finally {
      process.kill(Number(pid));
    }
  });

  test('that the server does not know is named', async () => {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path('stranger')]);
    const refused = await refusal({ key: path('stranger') });
    expect(refused).toContain(`cannot connect to deploy@${address.get(m1)}:22: it accepts none of the keys`);
    expect(refused).toContain(`offered: ${path('stranger')}`);
  });
});

describe('a host key', () => {
  test('is known by a hashed name', async () => {
    execFileSync('ssh-keygen', ['-q', '-H', '-f', path('known_hosts')]);
    expect(readFileSync(path('known_hosts'), 'utf8')).not.toContain(address.get(m1));
    expect(await whoami()).toBe('deploy@m1');
  });

  test('is known by an alias, or is pinned', async () => {
    expect(await whoami({ knownHosts: `shop ${hostKeys.get(m1)}\n`, config: '  HostKeyAlias shop\n' })).toBe(
      'deploy@m1',
    );
    expect(await whoami({ knownHosts: '', hostKey: hostKeys.get(m1) ?? '' })).toBe('deploy@m1');
  });

  test.each([
    ['unknown', () => '', 'is not known', 'ssh-keyscan -p 22'],
    [
      'another one',
      () => `${address.get(m1)} ${hostKeys.get(m2)}\n`,
      'is not the known one',
      'expected SHA256:',
    ],
    ['revoked', () => known(m1) + known(m1, '@revoked '), 'is revoked', 'give the server a new key'],
  ])('that is %s is refused', async (_what, knownHosts, message, more) => {
    const refused = await refusal({ knownHosts: knownHosts() });
    expect(refused).toContain(message);
    expect(refused).toContain(more);
    expect(refused).toContain('it showed SHA256:');
  });

  test.each([
    ['straight', ''],
    ['through a bastion', '  ProxyJump bastion\n'],
  ])('is pinned, those of several managers joined by a comma; %s', async (_way, config) => {
    // The bastion's is known; the managers' are not.
    const given = {
      knownHosts: known(bastion),
      managers: ['m1', 'm2'],
      config: `${config}  Port 2299\n`,
      others: `Host m2\n${config}`,
    };
    const pinned = (...machines: readonly Machine[]) => machines.map((one) => hostKeys.get(one)).join(',');
    // The first is down, and the second serves.
    expect(await whoami({ ...given, hostKey: pinned(m1, m2) })).toBe('deploy@m2');
    const wrong = await refusal({ ...given, hostKey: pinned(m1, bastion) });
    expect(wrong).toContain(`the host key of ${address.get(m2)}:22 is not the known one`);
    const [, value = ''] = /DEPLOY_SSH_HOST_KEY='(.*?)'/.exec(await refusal({ ...given, hostKey: '' })) ?? [];
    expect(value).toBe(hostKeys.get(m2));
    expect(await whoami({ ...given, hostKey: value })).toBe('deploy@m2');
  });

  test('of a bastion cannot be pinned', async () => {
    const refused = await refusal({
      knownHosts: '',
      config: '  ProxyJump bastion\n',
      hostKey: [m1, bastion].map((machine) => hostKeys.get(machine)).join(','),
    });
    expect(refused).toContain(`the host key of ${address.get(bastion)}:22 is not known`);
    expect(refused).not.toContain('DEPLOY_SSH_HOST_KEY');
  });

  test('is vouched for by a certificate authority, also behind a bastion', async () => {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path('ca')]);
    const authority = `@cert-authority * ${readFileSync(path('ca.pub'), 'utf8')}`;
    const sign = async (...how: readonly string[]) => {
      writeFileSync(path('host.pub'), `${hostKeys.get(m1)}\n`);
      execFileSync('ssh-keygen', ['-q', '-s', path('ca'), '-I', 'm1', '-h', ...how, path('host.pub')]);
      await m1.writeFile('/etc/ssh/host-cert.pub', readFileSync(path('host-cert.pub'), 'utf8'));
      await setSshd(m1, 'HostCertificate /etc/ssh/host-cert.pub\n');
    };
    try {
      expect(await refusal({ knownHosts: authority })).toContain('it shows no certificate');
      await sign('-n', `${address.get(m1)},m1`, '-V', '+1h');
      expect(await whoami({ knownHosts: authority })).toBe('deploy@m1');
      const behind = { knownHosts: authority + known(bastion), config: '  ProxyJump bastion\n' };
      expect(await whoami(behind)).toBe('deploy@m1');
      expect(
        await refusal({ knownHosts: `${authority}@revoked * ${readFileSync(path('ca.pub'), 'utf8')}` }),
      ).toContain('of another authority');
      await sign('-n', 'somebody-else', '-V', '+1h');
      expect(await refusal({ knownHosts: authority })).toContain('its certificate is for somebody-else');
      await sign('-n', `${address.get(m1)}`, '-V', '-2h:-1h');
      expect(await refusal({ knownHosts: authority })).toContain('its certificate has expired');
    } finally {
      await setSshd(m1, '');
    }
  });
});

describe('the way', () => {
  test('leads through one bastion, or through two', async () => {
    expect(await whoami({ config: '  ProxyJump bastion\n' })).toBe('deploy@m1');
    expect(await whoami({ config: '  ProxyJump bastion,m2\n' })).toBe('deploy@m1');
    expect(await whoami({ config: '  ProxyJump m2\n', others: 'Host m2\n  ProxyJump bastion\n' })).toBe(
      'deploy@m1',
    );
  });

  test("leads through a program, to the host or to its bastion, and says that program's last words", async () => {
    const program = (to: string) => `  ProxyCommand ssh -F ${path('config')} -W %h:%p ${to}\n`;
    expect(await whoami({ config: program('bastion') })).toBe('deploy@m1');
    const others = `Host bastion\n${program('m2')}`;
    expect(await whoami({ config: '  ProxyJump bastion\n', others })).toBe('deploy@m1');
    // The key that the host shows counts as it would without.
    const unknown = await refusal({ config: program('bastion'), knownHosts: known(bastion) });
    expect(unknown).toContain(`the host key of ${address.get(m1)}:22 is not known`);
    expect(unknown).toContain('accept it here: ssh -p 22 deploy@m1');
    const lost = await refusal({ config: program('m3.nowhere') });
    expect(lost).toMatch(/its ProxyCommand ended \(exit 255\): ssh: Could not resolve hostname m3.nowhere/);
  });

  test("ends where a bastion's key is not known, or where it gets no further", async () => {
    const config = '  ProxyJump bastion\n';
    const unknown = await refusal({ config, knownHosts: known(m1) });
    expect(unknown).toContain(`the host key of ${address.get(bastion)}:22 is not known`);
    const closed = await refusal({ config: `${config}  Port 2299\n` });
    expect(closed).toContain(`cannot connect to deploy@${address.get(m1)}:2299: the bastion cannot reach it`);
    expect(closed).toContain('Connection refused');
  });

  test.each([
    ['nowhere.invalid', 'there is no such host'],
    ['127.0.0.1', 'the connection was refused'],
  ])('to %s ends at once: %s', async (host, message) => {
    expect(await refusal({ config: `  HostName ${host}\n  Port 1\n`, others: '' })).toMatch(
      new RegExp(`${message}|${host} is a`),
    );
  });

  test('to a host that says nothing ends after a while', async () => {
    const silent = m2.start(['node', '-e', 'require("net").createServer().listen(2299)']);
    await until('it listens', async () => (await m2.run(['ss', '-ltn'])).includes(':2299'));
    expect(await refusal({ config: `  HostName ${address.get(m2)}\n  Port 2299\n` })).toContain(
      'no answer within 15 s',
    );
    await silent.kill('SIGKILL');
    await silent.output;
  });
});

describe('the Docker socket', () => {
  const open = async () => {
    await using session = sessionTo();
    return await session.openSocket('/var/run/docker.sock').then(
      (stream) => {
        stream.destroy();
        return 'open';
      },
      (error) => `${error.message}\n${error.hint}`,
    );
  };

  test('is forwarded, unless sshd, the group, or Docker is against it', async () => {
    expect(await open()).toBe('open');
    try {
      await setSshd(m1, 'AllowStreamLocalForwarding no\n');
      expect(await open()).toContain('m1: sshd does not forward to docker.sock');
    } finally {
      await setSshd(m1, '');
    }
    try {
      await m1.run(['chmod', '600', '/var/run/docker.sock']);
      expect(await open()).toContain('m1: the user may not use Docker\nput it into the docker group');
    } finally {
      await m1.run(['chmod', '660', '/var/run/docker.sock']);
    }
    try {
      await m1.run(['mv', '/var/run/docker.sock', '/var/run/away.sock']);
      expect(await open()).toContain('m1: there is no docker.sock');
    } finally {
      await m1.run(['mv', '/var/run/away.sock', '/var/run/docker.sock']);
    }
  });
});

describe('a connection', () => {
  test('carries as many scripts at once as the server takes', async () => {
    try {
      await setSshd(m1, 'MaxSessions 2\n');
      await using session = sessionTo();
      const outputs = await Promise.all(Array.from({ length: 12 }, (_, at) => session.run(`echo ${at}`)));
      expect(outputs.map(({ stdout }) => stdout.trim())).toEqual(
        Array.from({ length: 12 }, (_, at) => `${at}`),
      );
    } finally {
      await setSshd(m1, '');
    }
  });

  test('ends what it began when it is cancelled, and nothing else', async () => {
    await using session = sessionTo();
    const sleep = `sleep ${process.pid}`;
    const isAsleep = async () => (await m1.exec(['pgrep', '-f', sleep])).code === 0;
    const controller = new AbortController();
    const [cancelled, other] = [
      session.run(sleep, { signal: controller.signal }),
      session.run('sleep 1; echo done'),
    ];
    await until('it sleeps', isAsleep);
    controller.abort(new Error('enough'));
    await expect(cancelled).rejects.toThrow('enough');
    await until('it is gone', async () => !(await isAsleep()));
    expect((await other).stdout).toBe('done\n');
  });

  test('goes to the next manager when the first is gone', async () => {
    await using session = sessionTo({ managers: ['m1', 'm2'] });
    expect(await session.open()).toBe('m1');
    try {
      await m1.run(['pkill', '-KILL', 'sshd']);
      expect((await session.run('hostname')).stdout).toBe('m2\n');
    } finally {
      await restartSshd(m1);
    }
  });
});

import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { clock } from '../../src/doctor/checks/clock.ts';
import { disk } from '../../src/doctor/checks/disk.ts';
import { engines } from '../../src/doctor/checks/engines.ts';
import { judgeImage } from '../../src/doctor/checks/images.ts';
import { loginShell } from '../../src/doctor/checks/login-shell.ts';
import { managers } from '../../src/doctor/checks/managers.ts';
import { nodes } from '../../src/doctor/checks/nodes.ts';
import { ports } from '../../src/doctor/checks/ports.ts';
import { programs } from '../../src/doctor/checks/programs.ts';
import { registry } from '../../src/doctor/checks/registry.ts';
import { residue } from '../../src/doctor/checks/residue.ts';
import type { DoctorContext, Finding } from '../../src/doctor/checkup.ts';
import { Secret } from '../../src/shared/secret.ts';
import { localShell } from '../../src/shared/shell.ts';
import type { SwarmNode } from '../../src/shared/swarm.ts';
import { node } from '../fakes/swarm.ts';

const sceneOf = (...all: readonly SwarmNode[]) => ({ nodes: all }) as unknown as DoctorContext;
const told = (findings: readonly Finding[]) => findings.map(({ state, said }) => `${state}: ${said}`);
const worker = (name: string) => node(name, { role: 'worker', reachability: undefined });

test.each([
  ['three', [node('a'), node('b'), node('c'), worker('d')], ['fine: 3 managers; 1 more may fail']],
  ['one', [node('a'), worker('b')], ['warning: one manager: when it is gone, so is the cluster']],
  ['two', [node('a'), node('b')], ['warning: 2 managers: one of them adds no safety']],
  [
    'three, one of them lost',
    [node('a'), node('b'), node('c', { reachability: 'unreachable' })],
    ['problem: c cannot be reached by the others', 'fine: 3 managers; 0 more may fail'],
  ],
])('managers: %s', async (_what, all, expected) => {
  expect(told(await managers.look(sceneOf(...all)))).toEqual(expected);
});

test.each([
  [{}, 'fine: all 1 are ready and active'],
  [{ state: 'down' }, 'problem: a is down'],
  [{ state: 'unknown' }, 'problem: a has not been heard of since a leader was elected'],
  [{ availability: 'drain' }, 'warning: a is set to drain: it takes no tasks'],
])('nodes: %o', async (change, expected) => {
  expect(told(await nodes.look(sceneOf(node('a', change))))).toEqual([expected]);
});

test.each([
  [['26.1.5', '26.1.5'], 'fine: Docker 26.1.5 on every node'],
  [['20.10.24'], 'fine: Docker 20.10.24 on every node'],
  [['26.1.5', '28.2.2'], 'warning: the nodes run different versions: n0 26.1.5, n1 28.2.2'],
  [['19.03.1'], 'problem: n0 runs Docker 19.03.1, which is older than 20.10'],
])('engines: %s', async (versions, expected) => {
  const all = versions.map((engine, at) => node(`n${at}`, { engine }));
  expect(told(await engines.look(sceneOf(...all)))).toEqual([expected]);
});

/** A host that answers each script with this. */
const answering = (stdout: string) =>
  ({ hosts: [{ name: 'm1', remote: { run: async () => ({ stdout }) } }] }) as unknown as DoctorContext;
const df = (free: string) => `/dev/sda1 99 99 ${free} 9% /`;

test.each([
  [df(String(9 * 2 ** 20)), 'fine: m1: 9.0 GiB are free for images'],
  [df(String(4 * 2 ** 20)), 'warning: m1: 4.0 GiB are free for images'],
  [df('1000'), 'problem: m1: 0.0 GiB are free for images'],
  ['', 'warning: m1: its free space cannot be read'],
  ['docker: not found', 'warning: m1: its free space cannot be read'],
])('disk: %s', async (stdout, expected) => {
  expect(told(await disk.look(answering(stdout)))).toEqual([expected]);
});

test.each([
  [0, 'fine: m1: its clock agrees with the one here'],
  [-4, 'fine: m1: its clock agrees with the one here'],
  [-3600, 'warning: m1: its clock is 3599 s off the one here'],
  [3600, 'warning: m1: its clock is 3600 s off the one here'],
])('clocks: %i s off', async (seconds, expected) => {
  vi.useFakeTimers({ now: 1_800_000_000_000, toFake: ['Date'] });
  const theirs = `${1_800_000_000 + seconds}\n`;
  expect(told(await clock.look(answering(theirs)))).toEqual([expected]);
  vi.useRealTimers();
});

test.each([
  ['', '', ['fine: m1: it runs commands, and prints nothing else']],
  ['docker\nflock\n', '', ['problem: m1: it does not find docker', 'problem: m1: it does not find flock']],
  [
    '',
    '\n\u001b[1mWelcome\nto m1\n',
    [expect.stringMatching(/^warning: m1: it prints "\\u001b\[1mWelcome" before the output/)],
  ],
])('login shell: without %j, with the greeting %j', async (stdout, greeting, expected) => {
  const run = async () => ({ exitCode: 0, stdout, stderr: '', greeting });
  const scene = { hosts: [{ name: 'm1', remote: { run } }] } as unknown as DoctorContext;
  expect(told(await loginShell.look(scene))).toEqual(expected);
});

test('programs: git is not there', async () => {
  const local = async ([program]: readonly string[]) =>
    program === 'git' ? { exitCode: 127, stdout: '' } : { exitCode: 0, stdout: 'buildx v0.13\n' };
  const look = (builds: readonly unknown[]) =>
    programs.look({ release: { builds }, tools: { local } } as unknown as DoctorContext).then(told);
  expect(await look([])).toEqual(['problem: git is not there: it names each release by its commit']);
  expect(await look([{}])).toEqual([expect.stringContaining('git'), 'fine: buildx v0.13']);
});

test('credentials left behind: of a build, and of a deploy on a manager that has no /dev/shm', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'residue-test-'));
  const left = ['waggle-own-abcdef', 'waggle-run-abcdef'].map((name) => join(folder, name));
  for (const one of left) {
    mkdirSync(one);
    writeFileSync(join(one, 'config.json'), '');
    utimesSync(one, 0, 0);
  }
  const local = (argv: readonly string[]) => localShell(argv, { env: { TMPDIR: folder } });
  const scene = {
    release: { registry: { host: 'r.io' } },
    hosts: [],
    tools: { local },
  } as unknown as DoctorContext;
  const found = told(await residue.look(scene));
  rmSync(folder, { recursive: true });
  for (const one of left)
    expect(found).toContain(`problem: here: ${one} is the login of a run that was killed`);
});

test.each([
  ['for a platform that there is', { platforms: ['linux/arm64', 'linux/amd64'] }, []],
  ['of platforms that are not told', { platforms: [] }, []],
  ['for another', { platforms: ['linux/arm64'] }, ['problem: r.io/a:1 is for linux/arm64, which no node is']],
  [
    'whose blobs are gone',
    { platforms: [], isBroken: true },
    [
      'problem: r.io/a:1 cannot be pulled: the registry has its manifest, but does not give its configuration',
    ],
  ],
])('images: one %s', (_what, held, expected) => {
  const image = { digest: 'sha256:aa', isBroken: false, ...held };
  expect(told(judgeImage('r.io/a:1', image, new Set(['linux/amd64'])))).toEqual(expected);
});

test('registry: who takes the login, and which tokens do not last', async () => {
  const token = (text: string) => new Secret(text);
  const other = { registry: 'x.io', username: 'AWS', password: token('eyJhunter2'), isToken: false };
  const look = (text: string, logins: readonly unknown[]) =>
    registry
      .look({
        release: { registry: { host: 'r.io', username: 'me', token: token(text) } },
        tools: { swarm: { checkRegistryLogin: async () => {} }, logins: async () => logins },
      } as unknown as DoctorContext)
      .then(told);
  const taken = 'fine: r.io takes the login of me';
  expect(await look('a password', [])).toEqual([taken]);
  expect(await look('ghs_hunter2', [other])).toEqual([
    taken,
    "warning: REGISTRY_TOKEN is a GitHub job's own token: nodes that pull later cannot",
    'warning: your login for x.io is a token that expires: nodes that pull later cannot',
  ]);
});

test('ports: what was not tried is not called open', async () => {
  const scene = { ...answering(''), nodes: [node('a')] };
  expect(told(await ports.look(scene))).toEqual([
    expect.stringMatching(
      /^fine: m1: 7946\/tcp and 2377\/tcp are open; 7946\/udp and 4789\/udp were not tried/,
    ),
  ]);
});

import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Release } from '../../../src/plan/release/release.ts';
import { FENCED } from '../../../src/plan/render/render-fence.ts';
import { renderEndAll, renderOnce } from '../../../src/plan/render/render-once.ts';
import {
  renderPruneBundles,
  renderStackDeploy,
  renderUpload,
  TOO_LONG,
} from '../../../src/plan/render/render-scripts.ts';
import type { RegistryLogin } from '../../../src/shared/registry-login.ts';
import { Secret } from '../../../src/shared/secret.ts';
import { localShell } from '../../../src/shared/shell.ts';

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'waggle-scripts-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const run = (script: string) => localShell(['sh', '-s'], { input: `{\n${script}\n}\n`, env: { HOME: home } });
const release = { stack: 'shop', id: 'v1_1' } as Release;
const registry = { host: 'r.io', username: 'me', token: new Secret('hunter2') };
const deployed = { ...release, registry } as unknown as Release;
const TEXT = `ünï it's "$HOME" \`id\` %s \\\\n\n`;
const STACK = { name: 'stack', text: TEXT, holder: { id: 'me' }, limit: 60 };
const bundle = () => join(home, '.waggle/shop/v1_1');

test('a bundle may be uploaded twice; it is private', async () => {
  const script = renderUpload(release, { 'stack.yml': `it's "$HOME" \`id\` ünï\n` });
  for (const _ of [1, 2]) expect(await run(script)).toMatchObject({ exitCode: 0, stderr: '' });
  expect(readFileSync(join(bundle(), 'stack.yml'), 'utf8')).toBe(`it's "$HOME" \`id\` ünï\n`);
  expect(statSync(bundle()).mode & 0o777).toBe(0o700);
  expect(statSync(join(bundle(), 'stack.yml')).mode & 0o777).toBe(0o600);
});

test.each([
  [true, ['a_3', 'b_1', 'c_2']],
  [false, ['a_3']],
])('old bundles are named, and go unless it is dry: %s', async (isDry, left) => {
  for (const id of ['a_3', 'b_1', 'c_2']) await run(renderUpload({ ...release, id }, { f: '' }));
  const output = await run(renderPruneBundles(release, 1, { isDry }));
  expect(output).toMatchObject({ exitCode: 0, stdout: 'c_2\nb_1\n' });
  expect(readdirSync(join(home, '.waggle/shop')).sort()).toEqual(left);
});

const count = () => (existsSync(join(home, 'count')) ? readFileSync(join(home, 'count'), 'utf8').length : 0);
const once = (body: string) => renderOnce('"$HOME"/once', body);

test('however often it is begun, it is done once, and everybody hears the same', async () => {
  const script = once(`printf x >>"$HOME"/count; echo out; echo err >&2; sleep 0.5; exit 7`);
  const outputs = await Promise.all([run(script), run(script), run(script)]);
  for (const output of [...outputs, await run(script)])
    expect(output).toMatchObject({ exitCode: 7, stdout: 'out\n', stderr: 'err\n' });
  expect(count()).toBe(1);
});

test('what it said is gone once it went well', async () => {
  const script = once(`printf x >>"$HOME"/count; echo out`);
  expect(await run(script)).toMatchObject({ exitCode: 0, stdout: 'out\n' });
  expect(await run(script)).toMatchObject({ exitCode: 0, stdout: '', stderr: '' });
  expect(readdirSync(join(home, 'once')).sort()).toEqual(['group', 'lock', 'status']);
  expect(count()).toBe(1);
});

test('one that is killed half way is not begun again', async () => {
  const script = once(`printf x >>"$HOME"/count; kill -9 $$; sleep 1`);
  expect((await run(script)).exitCode).not.toBe(0);
  const second = await run(script);
  expect(second).toMatchObject({ exitCode: 42, stderr: 'it was ended before it was done\n' });
  expect(count()).toBe(1);
});

/** As sshd begins one: in a session of its own. */
const begin = (script: string) =>
  localShell(['setsid', '--wait', 'sh', '-s'], {
    input: `{\n${script}\n} </dev/null\n`,
    env: { HOME: home },
  });
const end = () => run(renderEndAll('"$HOME"/onc*'));
const exists = (name: string) => existsSync(join(home, name));

test.each([
  ['that ends when it is asked', ''],
  ['that does not listen', 'trap "" TERM;'],
])('one %s is ended, with all that it began, and is gone then', { timeout: 60_000 }, async (_what, trap) => {
  const loop = `sh -c '${trap} while :; do printf x >>"$HOME"/count; sleep 0.1; done'`;
  const running = begin(once(`${trap} ${loop}`));
  while (count() === 0) await sleep(50);
  expect(await end()).toMatchObject({ exitCode: 0, stdout: `${join(home, 'once')}\n` });
  const then = count();
  await sleep(300);
  expect(count()).toBe(then);
  expect((await running).exitCode).not.toBe(0);
  // It is not begun again, and there is nothing more to end.
  expect((await begin(once('printf x >>"$HOME"/again'))).exitCode).toBe(42);
  expect(exists('again')).toBe(false);
  expect(await end()).toMatchObject({ exitCode: 0, stdout: '' });
});

test('what is over, and what never was, need not be ended', async () => {
  expect(await end()).toMatchObject({ exitCode: 0, stdout: '', stderr: '' });
  await begin(once('true'));
  expect(await end()).toMatchObject({ exitCode: 0, stdout: '', stderr: '' });
});

test('where there is no room it says so', async () => {
  const { exitCode, stderr } = await run(renderOnce('/proc/nowhere', 'echo never'));
  expect(exitCode).not.toBe(0);
  expect(stderr).toContain('/proc/nowhere');
});

test("the login of a deploy that was killed goes, a living one's stays, also where there is no /dev/shm", async () => {
  for (const folder of ['bin', 'waggle-tmp']) mkdirSync(join(home, folder));
  const program = (name: string, text: string) =>
    writeFileSync(join(home, 'bin', name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  program('docker', '[ "$3" != config ] || echo me; echo "$DOCKER_CONFIG" >"$HOME/where"');
  program('mktemp', 'case $2 in /dev/shm/*) exit 1; esac; PATH=/usr/bin:/bin exec mktemp "$@"');
  const named = (kind: string, what: string) => `waggle-${kind}-${what}${process.pid}`;
  const [dead, alive] = [named('own', 'dead'), named('own', 'alive')];
  const others = [alive, named('new', 'a'), named('run', 'a'), named('scripts', 'a')];
  const places = [join(home, 'waggle-tmp'), ...(existsSync('/dev/shm') ? ['/dev/shm'] : [])];
  const at = (name: string) => places.map((place) => join(place, name));
  for (const folder of [dead, ...others].flatMap(at)) mkdirSync(folder);
  for (const folder of [dead, alive].flatMap(at)) writeFileSync(join(folder, 'lock'), '');
  const holders = at(alive).map((folder) =>
    spawn('flock', [join(folder, 'lock'), 'sh', '-c', 'echo held; exec cat'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    }),
  );
  await Promise.all(holders.map(({ stdout }) => stdout.iterator({ destroyOnReturn: false }).next()));
  try {
    const script = renderStackDeploy(deployed, STACK);
    const set = `PATH=${join(home, 'bin')}:$PATH; export TMPDIR=${join(home, 'waggle-tmp')}`;
    expect(await run(`${set}\n${script}`)).toMatchObject({ exitCode: 0, stderr: '' });
    expect(at(dead).filter(existsSync)).toEqual([]);
    expect(others.flatMap(at).filter((folder) => !existsSync(folder))).toEqual([]);
    const where = readFileSync(join(home, 'where'), 'utf8').trim();
    expect(where).toMatch(/\/waggle-tmp\/waggle-own-\w{6}$/);
    expect(existsSync(where)).toBe(false);
  } finally {
    for (const { stdin } of holders) stdin.end();
    for (const folder of [dead, ...others].flatMap(at)) rmSync(folder, { recursive: true, force: true });
  }
});

test('a script of which only a part arrived does nothing', async () => {
  const whole = `{\nprintf x >>"$HOME"/count\nprintf x >>"$HOME"/count\n}\n`;
  for (let length = 1; length < whole.length - 2; length++)
    await localShell(['sh', '-s'], { input: whole.slice(0, length), env: { HOME: home } });
  expect(count()).toBe(0);
});

test('Docker reads the stack file; no argument, no variable and no file on the manager hold any of it', async () => {
  const output = await deployWith(`cat >"$HOME/sent"; echo "$@" >"$HOME/arguments"
    tr '\\0' '\\n' </proc/$$/environ >"$HOME/environment"
    cat /proc/$PPID/cmdline /proc/$PPID/environ >"$HOME/parent"
    mkdir "$HOME/files"; cp -r "$HOME/.waggle" "$DOCKER_CONFIG" "$HOME/files"`);
  expect(output).toMatchObject({ exitCode: 0, stderr: '' });
  const read = (name: string) => readFileSync(join(home, name), 'utf8');
  expect(read('sent')).toBe(TEXT);
  const names = [...read('environment').matchAll(/^(\w+)=/gm)].map(([, name]) => name);
  // The last are of the shell that stands for Docker.
  expect(new Set(names)).toEqual(
    new Set([
      'DOCKER_CONFIG',
      'HOME',
      'PATH',
      ...names.filter((name) => /^(PWD|OLDPWD|SHLVL|_)$/.test(name ?? '')),
    ]),
  );
  const files = readdirSync(join(home, 'files'), { recursive: true, withFileTypes: true });
  const texts = files
    .filter((one) => one.isFile())
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8'));
  expect([read('arguments'), read('environment'), read('parent'), ...texts].join('\n')).not.toContain('ünï');
});

/** What `docker stack deploy` on the manager does each time, in place of Docker. `$HOME/fence` is what the lock says. */
async function deployWith(body: string, logins: readonly RegistryLogin[] = [], limit = 60, fence = 'me') {
  mkdirSync(join(home, 'bin'));
  writeFileSync(join(home, 'fence'), fence);
  const docker = `#!/bin/sh
case $* in
  *' config '*) cat "$HOME/fence" ;;
  *--compose-file*) printf x >>"$HOME/count"; ${body} ;;
esac
`;
  writeFileSync(join(home, 'bin/docker'), docker, { mode: 0o755 });
  const script = renderStackDeploy(deployed, { ...STACK, limit }, logins);
  return run(`PATH=${join(home, 'bin')}:$PATH\n${script}`);
}

const ASK = (server: string) => `printf ${server} | docker-credential-waggle get`;

test("the deploy on the manager has the user's other logins for as long as it runs", async () => {
  const logins = [
    { registry: 'docker.io', username: 'u', password: new Secret("it's\n"), isToken: false },
    { registry: 'x.io:5000', username: 'u', password: new Secret('t'), isToken: true },
  ];
  const asked = ['https://index.docker.io/v1/', 'x.io:5000', 'y.io'];
  const body = `echo "$DOCKER_CONFIG" >"$HOME/where"; for server in ${asked.join(' ')}; do ${ASK('$server')}; echo; done`;
  const { exitCode, stdout, stderr } = await deployWith(body, logins);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  const [hub, own, none] = stdout.split('\n');
  expect([hub, own].map((text = '') => JSON.parse(text))).toEqual([
    { ServerURL: 'https://index.docker.io/v1/', Username: 'u', Secret: "it's\n" },
    { ServerURL: 'x.io:5000', Username: '<token>', Secret: 't' },
  ]);
  expect(none).toBe('credentials not found in native keychain');
  expect(existsSync(readFileSync(join(home, 'where'), 'utf8').trim())).toBe(false);
});

test.each([
  ['before it', 'true', 'eve', '', 0],
  ['by a run that gave its commands up', 'true', '', '', 0],
  [
    'before it is run again',
    `echo eve >"$HOME/fence"; printf '${'update out of sequence'}' >&2; exit 3`,
    'me',
    '',
    1,
  ],
  ['once it has listed the services', `echo eve >"$HOME/fence"; ${ASK('r.io')}; echo changed`, 'me', '', 1],
  [
    'between two changes',
    `${ASK('r.io')}; echo first; echo eve >"$HOME/fence"; sleep 1.1; ${ASK('r.io')}; echo second`,
    'me',
    'first',
    1,
  ],
])(
  'where the lock is lost %s, the deploy on the manager changes nothing more',
  async (_what, body, fence, said, runs) => {
    const { exitCode, stdout, stderr } = await deployWith(body, [], 60, fence);
    expect(exitCode, stderr).toBe(FENCED);
    expect(
      stdout
        .split('\n')
        .filter((line) => ['first', 'second', 'changed'].includes(line))
        .join(),
    ).toBe(said);
    expect(count()).toBe(runs);
  },
);

test('a deploy on the manager that does not end is killed at its limit', async () => {
  const { exitCode, stderr } = await deployWith('echo slow >&2; exec sleep 60', [], 1);
  expect({ exitCode, stderr }).toEqual({
    exitCode: TOO_LONG,
    stderr: 'slow\ndocker stack deploy did not end within 1 s: it was killed\n',
  });
  expect(count()).toBe(1);
});

const REFUSED = 'failed to update service shop_web: update out of sequence\n';
test.each([
  ['Swarm is faster, once', 1, { exitCode: 0, stderr: 'warned\n' }, 2],
  ['Swarm is faster every time', 9, { exitCode: 3, stderr: REFUSED }, 5],
])('where %s, the deploy on the manager is run again', async (_what, refusals, output, runs) => {
  const body = `[ $(wc -c <"$HOME/count") -gt ${refusals} ] || { printf '${REFUSED}' >&2; exit 3; }; echo warned >&2`;
  const { exitCode, stdout, stderr } = await deployWith(body);
  expect({ exitCode, stderr }).toEqual(output);
  expect(stdout.trim().split('\n')).toHaveLength(runs - 1);
  expect(count()).toBe(runs);
});

test('what fails for another reason is run once', async () => {
  const output = await deployWith('echo no luck >&2; exit 4');
  expect(output).toMatchObject({ exitCode: 4, stdout: '', stderr: 'no luck\n' });
  expect(count()).toBe(1);
});

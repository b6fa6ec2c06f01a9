import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Release } from '../../../src/plan/release/release.ts';
import { LOGIN_REFUSED } from '../../../src/plan/render/render-login.ts';
import { renderEndDeploys, renderStackDeploy } from '../../../src/plan/render/render-scripts.ts';
import { Secret } from '../../../src/shared/secret.ts';
import { localShell } from '../../../src/shared/shell.ts';

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'waggle-login-'));
  mkdirSync(join(home, 'bin'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const registry = { host: 'r.io', username: 'me', token: new Secret('hunter2') };
const release = { stack: 'shop', id: 'v1_1', registry } as unknown as Release;
const STACK = { name: 'stack', text: 'services: {}', holder: { id: 'me' }, limit: 60 };

/** As sshd begins a script: in a session of its own. These programs are in place of the manager's own. */
function run(script: string, programs: Readonly<Record<string, string>> = {}) {
  for (const [name, text] of Object.entries(programs))
    writeFileSync(join(home, 'bin', name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  const env = { HOME: home, PATH: `${join(home, 'bin')}:${process.env.PATH}` };
  return localShell(['setsid', '--wait', 'sh', '-s'], { input: `{\n${script}\n} </dev/null\n`, env });
}
const deploy = (programs: Readonly<Record<string, string>>) =>
  run(renderStackDeploy(release, STACK), programs);
const read = (name: string) => (existsSync(join(home, name)) ? readFileSync(join(home, name), 'utf8') : '');

/** After `--host` and its value. */
const LOGIN_ONLY =
  'shift 2; [ "$1" != config ] || echo me; [ "$1" = login ] || exit 0; printf x >>"$HOME/logins"';
const HANGING = `${LOGIN_ONLY}; exec sleep 60`;
/** What each login says, until one is taken; pauses are kept, and not waited for. */
const answering = (said: readonly string[]) => ({
  docker: `${LOGIN_ONLY}
cat >"$HOME/token"
case $(wc -c <"$HOME/logins") in
${said.map((text, index) => `${index + 1}) echo '${text}' >&2; exit 1 ;;`).join('\n')}
esac`,
  sleep: 'printf "$1 " >>"$HOME/pauses"',
});

const DAEMON = 'Error response from daemon: ';
const BUSY = `${DAEMON}login attempt to https://r.io/v2/ failed with status: 503 Service Unavailable`;
const BROKEN = `${DAEMON}Get "https://r.io:5000/v2/": received unexpected HTTP status: 500 Internal Server Error`;
const MANY = `${DAEMON}toomanyrequests: too many requests`;
const DENIED = `${DAEMON}Get "https://r.io/v2/": unauthorized: incorrect username or password`;
const STATUS_401 = `${DAEMON}login attempt to https://r.io:500/v2/ failed with status: 401 Unauthorized`;

test.each([
  ['taken', [], '', 0, ''],
  ['busy once', [BUSY], '1 ', 0, ''],
  ['broken and busy', [BROKEN, MANY, BUSY], '1 2 4 ', 0, ''],
  ['busy, then broken to the end', [BUSY, BUSY, BUSY, BROKEN], '1 2 4 ', LOGIN_REFUSED, `${BROKEN}\n`],
  ['denied', [DENIED], '', LOGIN_REFUSED, `${DENIED}\n`],
  ['refused with 401', [STATUS_401], '', LOGIN_REFUSED, `${STATUS_401}\n`],
  ['busy, then denied', [BUSY, DENIED], '1 ', LOGIN_REFUSED, `${DENIED}\n`],
])('a login on the manager that is %s', async (_what, said, pauses, exitCode, stderr) => {
  expect(await deploy(answering(said))).toMatchObject({ exitCode, stderr });
  expect(read('pauses')).toBe(pauses);
  expect(read('logins')).toHaveLength(pauses.length / 2 + 1);
  expect(read('token')).toBe('hunter2');
});

test('one that is not answered ends after 30 s', async () => {
  const timeout = 'echo "$2" >>"$HOME/bounds"; shift 2; exec /usr/bin/timeout --foreground 0.2 "$@"';
  const output = await deploy({ docker: HANGING, timeout });
  expect(output).toMatchObject({ exitCode: LOGIN_REFUSED, stderr: 'no answer within 30 s\n' });
  expect(
    read('bounds')
      .split('\n')
      .filter((bound) => bound === '30'),
  ).toHaveLength(2);
  expect(read('logins')).toBe('x');
});

test('where its bound is that of BusyBox, it is tried as often', async () => {
  const timeout = '[ "$1" != --foreground ] || exit 1; exec /usr/bin/timeout "$@"';
  expect(await deploy({ ...answering([BUSY]), timeout })).toMatchObject({ exitCode: 0 });
});

test('one that is under way is ended with its deploy', { timeout: 60_000 }, async () => {
  const running = deploy({ docker: HANGING });
  while (read('logins') === '') await sleep(50);
  expect(await run(renderEndDeploys(release))).toMatchObject({ exitCode: 0, stderr: '' });
  expect((await running).exitCode).not.toBe(0);
});

import { expect, test } from 'vitest';
import { localShell } from '../../src/shared/shell.ts';
import { markScript } from '../../src/ssh/marked-script.ts';

const SCRIPT = 'echo out; echo err >&2; env | grep ^DOCKER_ || exit 7';

/** As sshd runs a script for a user whose ~/.bashrc is this. */
async function runAfter(bashrc: string, script = SCRIPT) {
  const marked = markScript(script);
  const { exitCode, stdout, stderr } = await localShell(['bash', '-c', `${bashrc}\nsh -s`], {
    input: marked.text,
    env: { DOCKER_TLS_VERIFY: '1' },
  });
  const hasBegun = marked.hasBegun(stdout);
  return { hasBegun, ...marked.separate({ exitCode: exitCode ?? -1, stdout, stderr }) };
}

const ran = { hasBegun: true, exitCode: 7, stdout: 'out\n', stderr: 'err\n' };

test.each([
  ['', ''],
  ['echo Welcome', 'Welcome\n'],
  ['printf Welcome', 'Welcome'],
  ['echo careful >&2', 'careful\n'],
  ['echo Welcome; echo careful >&2; false', 'Welcome\ncareful\n'],
  ['read -r answer', ''],
  ['exec bash', ''],
  ['exec sh', ''],
  ['export DOCKER_HOST=tcp://elsewhere:2375 DOCKER_CONTEXT=prod DOCKER_API_VERSION=1.20', ''],
  ["export DOCKER_HOST=$'a\\nDOCKER_X=b'", ''],
])('after the ~/.bashrc %j a script runs, and its output is its own', async (bashrc, greeting) => {
  expect(await runAfter(bashrc)).toEqual({ ...ran, greeting });
});

test.each([['exit 3'], ['set -e; false'], ['exec cat'], ['cat >/dev/null'], ['exec nothing-of-this-name']])(
  'after the ~/.bashrc %j no script runs, and that is seen',
  async (bashrc) => {
    expect((await runAfter(bashrc)).hasBegun).toBe(false);
  },
);

test('a script of which only a part arrives does nothing', async () => {
  const { text } = markScript('echo done');
  const cuts = [text.length - 8, Math.floor(text.length / 2), 10];
  const outputs = await Promise.all(
    cuts.map((length) => localShell(['sh', '-s'], { input: text.slice(0, length) })),
  );
  for (const { stdout } of outputs) expect(stdout).not.toContain('done');
});

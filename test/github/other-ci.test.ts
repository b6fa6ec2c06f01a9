import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import { parseInvocation } from '../../src/cli/run.ts';

/** The examples that docs/how-to/other-ci.md has for GitLab and cron, run with programs that only say what they were asked. */
const text = readFileSync(resolve(import.meta.dirname, '../../docs/how-to/other-ci.md'), 'utf8');
const block = (begin: RegExp) => begin.exec(text)?.[1] ?? '';
const GITLAB = block(/^```yaml\n(deploy:\n[\s\S]*?)^```/m);
const CRON = block(/^```crontab\n([\s\S]*?)^```/m);

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'waggle-ci-'));
  for (const folder of ['bin', 'shop/deploy']) mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, 'shop/deploy/cluster.env.example'), 'A=1\n');
});
afterEach(() => rmSync(root, { recursive: true }));

/** Programs on the PATH that print their words, and end as they are told. */
function run(script: string, statuses: Readonly<Record<string, number>>) {
  for (const [name, status] of Object.entries(statuses)) {
    const program = `#!/bin/sh\necho "$(basename "$0") $*"\nexit ${status}\n`;
    writeFileSync(join(root, 'bin', name), program, { mode: 0o755 });
  }
  return spawnSync('sh', ['-ec', script], {
    cwd: join(root, 'shop'),
    env: { PATH: `${root}/bin:${process.env.PATH}` },
    encoding: 'utf8',
  });
}

const DEPLOY = 'waggle deploy --wait --on-interrupted=rollback';

test('GitLab: a job that deploys a tag, one at a time, and ends as the deploy does', () => {
  const { deploy } = parse(GITLAB) as { deploy: Record<string, unknown> };
  expect(deploy).toMatchObject({
    environment: 'production',
    resource_group: 'production',
    interruptible: false,
    variables: { DEPLOY_TAG: '$CI_COMMIT_TAG', DOCKER_HOST: 'tcp://docker:2375' },
    rules: [{ if: '$CI_COMMIT_TAG' }],
  });
  const { status, stdout } = run((deploy.script as readonly string[]).join('\n'), { waggle: 9 });
  expect([status, stdout]).toEqual([9, `${DEPLOY}\n`]);
  expect(existsSync(join(root, 'shop/deploy/cluster.env'))).toBe(true);
  expect(GITLAB).not.toMatch(/password|token: /i);
});

const line = () => {
  const [job = ''] = CRON.split('\n').filter((one) => /^\d/.test(one));
  const [, minute, hour, command = ''] = /^(\d+) (\d+) \* \* \* (.*)$/.exec(job) ?? [];
  expect([minute, hour]).toEqual(['0', '4']);
  // To cron it is the end of the command.
  expect(command).not.toContain('%');
  return command.replaceAll('/srv/', `${root}/`).replaceAll('/var/log/', `${root}/`);
};

test.each([
  ['says nothing when all is well', { git: 0, waggle: 0 }, ''],
  [
    'tells the end of the log when the deploy failed',
    { git: 0, waggle: 9 },
    `git pull --quiet --ff-only\n${DEPLOY}\n`,
  ],
  ['does not deploy what could not be pulled', { git: 1, waggle: 0 }, 'git pull --quiet --ff-only\n'],
])('cron: %s', (_what, statuses, mailed) => {
  const { stdout, stderr } = run(line(), statuses);
  expect(stdout + stderr).toBe(mailed);
});

test('both ask Waggle for what it has', () => {
  for (const example of [GITLAB, CRON]) {
    const [, words = ''] = /waggle (deploy[\w =-]*)/.exec(example) ?? [];
    expect(parseInvocation(words.trim().split(' '), '1').command?.name).toBe('deploy');
  }
});

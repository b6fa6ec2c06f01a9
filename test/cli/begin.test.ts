import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { FAILURES } from '../../src/shared/errors.ts';
import { runWaggle } from './run-waggle.ts';

const project = mkdtempSync(join(tmpdir(), 'waggle-begin-'));
afterAll(() => rmSync(project, { recursive: true }));

const waggle = (...argv: readonly string[]) => runWaggle(project, argv, { DEPLOY_TAG: 'v1' });

test.each([['deploy'], ['plan --offline'], ['status'], ['build']])(
  'waggle %s in a project without deploy/ says how to begin, and only that',
  (words) => {
    const { status, stderr } = waggle(...words.split(' '));
    expect(status).toBe(FAILURES.CONFIG_INVALID);
    expect(stderr).toContain(
      `error: there is no folder deploy in ${project}\nwhat to do: begin with \`waggle init\`, which writes it, or go to the folder of the project that has it\nexit code 3 (CONFIG_INVALID)\n`,
    );
  },
);

test('that way leads on: init writes the folder, and deploy names what to fill in', () => {
  expect(waggle('init').status).toBe(0);
  const { status, stderr } = waggle('deploy');
  expect(status).toBe(FAILURES.CONFIG_INVALID);
  expect(stderr).toMatch(/deploy\/cluster\.env:\d+: DEPLOY_MANAGER_HOST must not be empty/);
});

test('an environment that is not there is named, and an empty one is told as before', () => {
  expect(waggle('deploy', '--env', 'staging').stderr).toMatch(
    /^error: there is no folder deploy\/staging in .*\nwhat to do: make deploy\/staging\/ with its env files/,
  );
  mkdirSync(join(project, 'deploy/staging'));
  expect(waggle('deploy', '--env', 'staging').stderr).toContain('deploy/staging: has none of cluster.env');
});

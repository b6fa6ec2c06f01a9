import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runWaggle } from './run-waggle.ts';

test.each([
  ['status --json', 'CONFIG_INVALID', 3],
  ['plan --json', 'CONFIG_INVALID', 3],
  ['doctor --json --nope', 'USAGE', 64],
  ['releases show --json', 'USAGE', 64],
])('waggle %s that fails prints one JSON document with %s', (line, code, exitCode) => {
  const { stdout, stderr, status } = runWaggle(mkdtempSync(join(tmpdir(), 'json-')), line.split(' '));
  const { error } = JSON.parse(stdout);
  expect(error).toMatchObject({ code, exitCode });
  expect(stderr).toContain(error.message);
  expect(status).toBe(exitCode);
});

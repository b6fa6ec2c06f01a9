import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { CheckContext } from '../../src/preflight/check.ts';
import { checks } from '../../src/preflight/checks.ts';
import { programsFound } from '../../src/preflight/programs-found.ts';
import { localShell } from '../../src/shared/shell.ts';

const folder = mkdtempSync(join(tmpdir(), 'waggle-programs-'));
afterAll(() => rmSync(folder, { recursive: true }));
for (const program of ['flock', 'base64', 'mktemp', 'seq', 'timeout'])
  symlinkSync('/bin/true', join(folder, program));

test.each([
  [[], 'the shell of the manager does not find docker'],
  [['docker'], ''],
])('with the programs %j', async (more, said) => {
  for (const program of more) symlinkSync('/bin/true', join(folder, program));
  const run = (script: string) => localShell(['/bin/sh', '-c', script], { env: { PATH: folder } });
  const asked = programsFound.run({ tools: { remote: { run } } } as unknown as CheckContext);
  await asked.then(
    () => expect(said).toBe(''),
    (error) => expect(error).toMatchObject({ code: 'PREFLIGHT_FAILED', message: said }),
  );
});

test('it is asked before any change', () => expect(checks).toContain(programsFound));

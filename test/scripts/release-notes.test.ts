import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const CHANGELOG =
  '# Changelog\n\n## Unreleased\n\n- new\n\n## 1.2.0 (2026-12-01)\n\n- a\n  b\n- c\n\n## 1.2.0-rc.1\n\n- d\n';

test.each([
  ['v1.2.0', '1.2.0', CHANGELOG, '- a\n  b\n- c\n', ''],
  ['v1.2.0-rc.1', '1.2.0-rc.1', CHANGELOG, '- d\n', ''],
  ['v1.2', '1.2', CHANGELOG, '', 'no notes under `## 1.2`'],
  ['v1.3.0', '1.3.0', `${CHANGELOG}\n## 1.3.0\n\n## 0.1.0\n\n- e\n`, '', 'no notes under `## 1.3.0`'],
  ['v1.2.0', '1.1.0', CHANGELOG, '', 'has version 1.1.0, but the tag is v1.2.0'],
])(
  'prints the notes of %s for package version %s, or says why not',
  (tag, version, changelog, notes, why) => {
    const folder = mkdtempSync(join(tmpdir(), 'waggle-notes-'));
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ version }));
    writeFileSync(join(folder, 'CHANGELOG.md'), changelog);
    const argv = [join(ROOT, 'scripts/release-notes.ts'), tag];
    const options = { cwd: folder, encoding: 'utf8' } as const;
    const { status, stdout, stderr } = spawnSync(join(ROOT, 'node_modules/.bin/tsx'), argv, options);
    rmSync(folder, { recursive: true });
    expect(stderr).toContain(why);
    expect({ status, stdout }).toEqual({ status: why === '' ? 0 : 1, stdout: notes });
  },
);

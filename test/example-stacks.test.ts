import { readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { createSampleProject } from '../scripts/sample-project.ts';
import { readGit } from '../src/config/read-git.ts';
import { loadRelease } from '../src/pipeline/load-release.ts';
import { Secrecy } from '../src/shared/mask.ts';

/** The stacks of examples/, filled in as their env examples say, are planned without an error and without a warning. */
const EXAMPLES = resolve(import.meta.dirname, '../examples');
let folder = '';
afterEach(() => rmSync(folder, { recursive: true }));

test.each(readdirSync(EXAMPLES))('%s', async (name) => {
  const project = createSampleProject(join(EXAMPLES, name, 'deploy'));
  folder = project.folder;
  const release = await loadRelease({
    secrecy: new Secrecy(),
    root: folder,
    git: readGit(folder),
    environment: { ...project.env, DEPLOY_TAG: 'v1' },
    target: undefined,
    copyExamples: false,
    isOffline: true,
  });
  expect(release.warnings).toEqual([]);
  expect(release.findings).toEqual([]);
  expect(release.services.length).toBeGreaterThan(1);
});

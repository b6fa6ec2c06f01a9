import { readFileSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { createSampleProject } from '../../scripts/sample-project.ts';
import { renderBake } from '../../src/build/render-bake.ts';
import { readGit } from '../../src/config/read-git.ts';
import { loadRelease } from '../../src/pipeline/load-release.ts';
import { Secrecy } from '../../src/shared/mask.ts';
import { fillIn } from '../lab/github-expression.ts';
import type { Workflow } from '../lab/github-types.ts';

const RELEASE = resolve(import.meta.dirname, '../../.github/workflows/release.yml');

/** The stack as the release workflow plans it, where no variable names other files. */
async function planForRelease() {
  const { env = {} } = parse(readFileSync(RELEASE, 'utf8')) as Workflow;
  const STACK_FILES = fillIn(env.STACK_FILES ?? '', { lookup: () => undefined, hasFailed: false });
  const project = createSampleProject();
  const loading = loadRelease({
    secrecy: new Secrecy(),
    root: project.folder,
    git: readGit(project.folder),
    environment: { ...project.env, DEPLOY_TAG: 'v1', STACK_FILES },
    copyExamples: false,
    isOffline: true,
  });
  return loading.finally(() => rmSync(project.folder, { recursive: true }));
}

test('each image that a release builds has layers of its own in GitHub’s cache', async () => {
  const { builds } = await planForRelease();
  const ready = builds.map((build) => ({ ...build, folder: '/project', platforms: [], labels: {} }));
  const caches = Object.entries(renderBake(ready, { latest: false }).target);
  expect(caches.length).toBeGreaterThan(1);
  for (const [name, target] of caches)
    expect(target).toMatchObject({
      'cache-from': [`type=gha,scope=${name}`],
      'cache-to': [`type=gha,scope=${name},mode=max`],
    });
});

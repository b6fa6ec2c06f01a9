import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

interface Job {
  readonly needs?: string;
  readonly uses?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps?: readonly { readonly run?: string }[];
}

const ROOT = resolve(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const { jobs } = parse(read('.github/workflows/publish.yml')) as { jobs: Record<string, Job> };
const scriptsOf = (job?: Job) => (job?.steps ?? []).map(({ run = '' }) => run).join('\n');

test('tests as ci.yml does, and each job waits for the one before', () => {
  expect(jobs.test?.uses).toBe('./.github/workflows/ci.yml');
  const order = Object.entries(jobs).map(([name, { needs }]) => [name, needs]);
  expect(order).toEqual([
    ['test', undefined],
    ['package', 'test'],
    ['image', 'package'],
    ['release', 'image'],
  ]);
});

test.each([
  ['test', undefined],
  ['package', { contents: 'read', 'id-token': 'write' }],
  ['image', { contents: 'read', packages: 'write' }],
  ['release', { contents: 'write' }],
])('the job %s may do what it needs, and nothing else', (name, permissions) => {
  expect(jobs[name]?.permissions).toEqual(permissions);
});

test('publishes nothing of a version without notes', () => {
  const [notes, publish] = ['release-notes.ts', 'npm publish --provenance'].map((command) =>
    scriptsOf(jobs.package).indexOf(command),
  );
  expect(notes).toBeGreaterThan(-1);
  expect(publish).toBeGreaterThan(notes ?? 0);
});

test('pushes the stage of the Dockerfile that `npm run image` builds, for two platforms', () => {
  const { scripts } = JSON.parse(read('package.json'));
  const [build = ''] = /docker buildx build --target \S+/.exec(scripts.image) ?? [];
  expect(scriptsOf(jobs.image)).toContain(`${build} --platform linux/amd64,linux/arm64 --push`);
});

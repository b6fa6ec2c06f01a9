import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSource } from '../../src/build/source.ts';
import { readGit } from '../../src/config/read-git.ts';
import type { Release } from '../../src/plan/release/release.ts';
import { treeCommitted } from '../../src/preflight/tree-committed.ts';
import { localShell } from '../../src/shared/shell.ts';

const root = mkdtempSync(join(tmpdir(), 'waggle-source-test-'));
const base = join(root, 'deploy');
const git = (...argv: readonly string[]) =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...argv], {
    cwd: root,
    encoding: 'utf8',
  }).trim();
const write = (file: string, text: string) => writeFileSync(join(root, file), text);

beforeAll(() => {
  for (const folder of ['deploy', 'app', 'other']) mkdirSync(join(root, folder));
  git('init', '-q');
  write('.gitignore', 'secret.txt\n');
  write('.gitattributes', 'app/tests.txt export-ignore\n');
  write('app/code.txt', 'one');
  write('app/tests.txt', 'kept, too');
  write('other/code.txt', 'one');
  git('add', '-A');
  git('commit', '-qm', 'first');
});
afterAll(() => rmSync(root, { recursive: true }));

const warnings: string[] = [];
const log = { info: () => {}, warn: (text: string) => warnings.push(text), error: () => {} } as never;
async function releaseNow(settings: object = {}): Promise<Release> {
  const { sha, dirty } = await readGit(root);
  return {
    base,
    commit: sha,
    dirty,
    settings,
    builds: [{ name: 'app', context: '../app' }],
  } as unknown as Release;
}

test('what git has at the commit is built, and nothing that lies around', async () => {
  write('secret.txt', 'hunter2');
  write('app/left-over.txt', 'x');
  const source = await openSource(await releaseNow(), localShell, log);
  const folder = source.folderOf('../app');
  expect(readdirSync(folder).sort()).toEqual(['code.txt', 'tests.txt']);
  expect(readFileSync(join(folder, 'code.txt'), 'utf8')).toBe('one');
  expect(existsSync(join(source.folderOf('..'), 'secret.txt'))).toBe(false);
  expect(source.folderOf('https://example.net/x.git')).toBe('https://example.net/x.git');
  expect(source.folderOf('/elsewhere')).toBe('/elsewhere');
  expect(warnings).toEqual(['not in git, so not in the images: app/left-over.txt']);
  await source[Symbol.asyncDispose]();
  expect(existsSync(folder)).toBe(false);
  expect(git('status', '--porcelain')).toBe('?? app/left-over.txt');
  rmSync(join(root, 'app/left-over.txt'));
});

test('labels tell the last commit that touched the context, and no login', async () => {
  git('remote', 'add', 'origin', 'https://me:hunter2@example.net/shop.git');
  const first = git('rev-parse', 'HEAD');
  write('other/code.txt', 'two');
  git('commit', '-qam', 'second');
  await using source = await openSource(await releaseNow(), localShell, log);
  const label = (name: string, labels: Readonly<Record<string, string>>) =>
    labels[`org.opencontainers.image.${name}`];
  const app = await source.labelsOf('../app');
  expect(label('revision', app)).toBe(first);
  expect(label('version', app)).toBe(first.slice(0, 7));
  expect(label('source', app)).toBe('https://example.net/shop.git');
  expect(label('created', app)).toBe(git('show', '-s', '--format=%cI', first));
  expect(label('revision', await source.labelsOf('../other'))).toBe(git('rev-parse', 'HEAD'));
  await using tagged = await openSource(await releaseNow({ DEPLOY_TAG: 'v1.4.2' }), localShell, log);
  expect(label('version', await tagged.labelsOf('../app'))).toBe('v1.4.2');
});

test('a tree that is dirty, or on no remote, is refused unless that is allowed', async () => {
  const check = async (settings: object = {}) =>
    treeCommitted
      .run({ release: await releaseNow(settings), nodes: [], tools: { local: localShell } } as never)
      .then(
        () => 'fine',
        (error) => `${error.message}: ${error.hint}`,
      );
  expect(await check()).toMatch(/^the commit \w+ is on no remote: push it, or build .* --allow-dirty$/);
  expect(await check({ ALLOW_DIRTY: true })).toBe('fine');
  // As actions/checkout leaves a commit that was asked for by its id: fetched, detached, under no name.
  write('.git/FETCH_HEAD', `${git('rev-parse', 'HEAD')}\t\t'0123' of https://github.com/acme/shop\n`);
  expect(await check()).toBe('fine');
  write('.git/FETCH_HEAD', `${git('rev-parse', 'HEAD~1')}\tbranch 'main' of https://github.com/acme/shop\n`);
  expect(await check()).toContain('is on no remote');
  git('update-ref', 'refs/remotes/origin/main', 'HEAD');
  expect(await check()).toBe('fine');
  write('app/code.txt', 'two');
  expect(await check()).toContain('changes that are not committed: commit them');
  await using source = await openSource(await releaseNow({ ALLOW_DIRTY: true }), localShell, log);
  expect(readFileSync(join(source.folderOf('../app'), 'code.txt'), 'utf8')).toBe('two');
  expect(await source.labelsOf('../app'), 'no commit holds it').toEqual({});
  git('checkout', '-q', '.');
  git('remote', 'remove', 'origin');
  git('update-ref', '-d', 'refs/remotes/origin/main');
  expect(await check()).toBe('fine');
});

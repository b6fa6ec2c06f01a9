import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readProject } from '../../src/config/read-project.ts';
import { runGit } from '../../src/shared/git.ts';

const folder = mkdtempSync(join(tmpdir(), 'waggle-project-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function git(where: string, ...argv: readonly string[]): Promise<string> {
  const { stdout, refusal } = await runGit(where, ['-c', 'user.name=o', '-c', 'user.email=o@lab', ...argv]);
  if (stdout === undefined) throw new Error(refusal);
  return stdout.trim();
}

async function repository(name: string): Promise<string> {
  const path = join(folder, name);
  await git(folder, 'init', '--quiet', '--initial-branch=main', path);
  await git(path, 'commit', '--quiet', '--allow-empty', '--message', name);
  await git(path, 'commit', '--quiet', '--allow-empty', '--message', 'more');
  return path;
}

test('the root commit and the remotes, whatever they are called and however they are logged in to', async () => {
  const path = await repository('plain');
  const root = await git(path, 'rev-list', '--max-parents=0', 'HEAD');
  expect(await readProject(path)).toEqual({ roots: [root], remotes: [] });
  await git(path, 'remote', 'add', 'upstream', 'https://me:hunter2@git.lab/team/shop.git');
  expect(await readProject(path)).toEqual({ roots: [root], remotes: ['https://git.lab/team/shop'] });
  await git(path, 'remote', 'rename', 'upstream', 'other');
  await git(path, 'remote', 'set-url', 'other', 'git@git.lab:team/shop.git');
  expect(await readProject(path)).toEqual({ roots: [root], remotes: ['https://git.lab/team/shop'] });

  await git(path, 'worktree', 'add', '--quiet', join(folder, 'tree'), '--detach');
  expect(await readProject(join(folder, 'tree'))).toEqual(await readProject(path));
  mkdirSync(join(path, 'deploy'));
  expect(await readProject(join(path, 'deploy'))).toEqual(await readProject(path));
});

test('every root where histories were merged', async () => {
  const [one, two] = [await repository('one'), await repository('two')];
  await git(one, 'fetch', '--quiet', two, 'main');
  await git(one, 'merge', '--quiet', '--allow-unrelated-histories', '--message', 'both', 'FETCH_HEAD');
  const { roots } = await readProject(one);
  expect(roots).toHaveLength(2);
  expect(roots).toEqual(expect.arrayContaining([...(await readProject(two)).roots]));
});

test('no root of a shallow clone: its oldest commit is not the first', async () => {
  const path = await repository('deep');
  await git(folder, 'clone', '--quiet', '--depth=1', `file://${path}`, join(folder, 'shallow'));
  expect(await readProject(join(folder, 'shallow'))).toEqual({ roots: [], remotes: [] });
});

test('nothing where there is no git, and of a repository without a commit', async () => {
  mkdirSync(join(folder, 'none'));
  await git(folder, 'init', '--quiet', join(folder, 'empty'));
  const nothing = { roots: [], remotes: [] };
  expect(await readProject(join(folder, 'none'))).toEqual(nothing);
  expect(await readProject(join(folder, 'empty'))).toEqual(nothing);
});

import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { openSource } from '../../src/build/source.ts';
import { readGit } from '../../src/config/read-git.ts';
import type { Release } from '../../src/plan/release/release.ts';
import { treeCommitted } from '../../src/preflight/tree-committed.ts';
import { describeSource } from '../../src/shared/describe-source.ts';
import { REPOSITORY_VARIABLES } from '../../src/shared/git.ts';

const folder = mkdtempSync(join(tmpdir(), 'waggle-source-test-'));
const root = join(folder, 'shop');
const lib = join(folder, 'lib');
const gitIn = (cwd: string, ...argv: readonly string[]) =>
  execFileSync(
    'git',
    ['-c', 'user.name=a', '-c', 'user.email=a@b', '-c', 'protocol.file.allow=always', ...argv],
    { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
  ).trim();
const git = (...argv: readonly string[]) => gitIn(root, ...argv);
const write = (file: string, text: string) => writeFileSync(join(root, file), text);
const head = () => git('rev-parse', 'HEAD');

beforeAll(() => {
  for (const name of ['deploy', 'app', 'other']) mkdirSync(join(root, name), { recursive: true });
  git('init', '-q');
  write('.gitignore', 'secret.txt\n');
  write('.gitattributes', 'app/tests.txt export-ignore\n');
  write('app/code.txt', 'one\n');
  write('app/tests.txt', 'kept, too');
  writeFileSync(join(root, 'app/run.sh'), '#!/bin/sh\n', { mode: 0o755 });
  write('other/code.txt', 'one');
  git('add', '-A');
  git('commit', '-qm', 'first');
});
afterEach(() => vi.unstubAllEnvs());
afterAll(() => rmSync(folder, { recursive: true }));

const warnings: string[] = [];
const log = { info: () => {}, warn: (text: string) => warnings.push(text), error: () => {} } as never;
async function releaseNow(settings: object = {}, contexts = ['../app']): Promise<Release> {
  const { commit, dirty } = await readGit(root);
  const builds = contexts.map((context) => ({ name: 'app', context }));
  return { base: join(root, 'deploy'), commit, dirty, settings, builds } as unknown as Release;
}
const check = async (settings: object = {}, contexts?: string[]) =>
  treeCommitted.run({ release: await releaseNow(settings, contexts), nodes: [] } as never).then(
    () => 'fine',
    ({ message, details, hint }) => [message, ...details, hint].join(': '),
  );
const label = (name: string, labels: Readonly<Record<string, string>>) =>
  labels[`org.opencontainers.image.${name}`];

test('what git has at the commit is built, and nothing that lies around', async () => {
  write('secret.txt', 'hunter2');
  write('app/left-over.txt', 'x');
  const source = await openSource(await releaseNow(), log);
  const app = source.folderOf('../app');
  expect(readdirSync(app).sort()).toEqual(['code.txt', 'run.sh', 'tests.txt']);
  expect(readFileSync(join(app, 'code.txt'), 'utf8')).toBe('one\n');
  expect(existsSync(join(source.folderOf('..'), 'secret.txt'))).toBe(false);
  expect(source.folderOf('https://example.net/x.git')).toBe('https://example.net/x.git');
  expect(source.folderOf('/elsewhere')).toBe('/elsewhere');
  expect(warnings).toEqual(['not in git, so not in the images: app/left-over.txt']);
  await source[Symbol.asyncDispose]();
  expect(existsSync(app)).toBe(false);
  expect(git('status', '--porcelain')).toBe('?? app/left-over.txt');
  rmSync(join(root, 'app/left-over.txt'));
});

test.each([0o002, 0o022, 0o077])('with the umask %o every file has the mode that git has', async (umask) => {
  const before = process.umask(umask);
  try {
    await using source = await openSource(await releaseNow(), log);
    const mode = (path: string) => statSync(join(source.folderOf('..'), path)).mode & 0o7777;
    const modes = ['.', 'app', 'app/code.txt', 'app/run.sh'].map(mode);
    expect(modes).toEqual([0o755, 0o755, 0o644, 0o755]);
  } finally {
    process.umask(before);
  }
});

test.each([
  ['line ends of this machine', 'core.autocrlf', 'true'],
  ['line ends of another', 'core.eol', 'crlf'],
  ['signatures shown with commits', 'log.showSignature', 'true'],
  ['shorter ids', 'core.abbrev', '4'],
])('%s, which this user has set, are in no image', async (_what, name, value) => {
  const labelsNow = async () => {
    await using source = await openSource(await releaseNow(), log);
    expect(readFileSync(join(source.folderOf('../app'), 'code.txt'), 'utf8')).toBe('one\n');
    return source.labelsOf('../app');
  };
  const before = await labelsNow();
  git('config', name, value);
  write('app/.gitattributes', '* text=auto\n');
  expect(await labelsNow()).toEqual(before);
  rmSync(join(root, 'app/.gitattributes'));
  git('config', '--unset', name);
});

test('labels tell the last commit that touched the context, and no login', async () => {
  git('remote', 'add', 'origin', 'https://me:hunter2@example.net/shop.git');
  const first = head();
  write('other/code.txt', 'two');
  git('commit', '-qam', 'second');
  await using source = await openSource(await releaseNow(), log);
  const app = await source.labelsOf('../app');
  expect(label('revision', app)).toBe(first);
  expect(label('version', app)).toBe(first.slice(0, 12));
  expect(label('source', app)).toBe('https://example.net/shop');
  expect(label('created', app)).toBe(git('show', '-s', '--format=%cI', first));
  expect(label('revision', await source.labelsOf('../other'))).toBe(head());
  await using tagged = await openSource(await releaseNow({ DEPLOY_TAG: 'v1.4.2' }), log);
  expect(await tagged.labelsOf('../app'), 'a new tag is no new image').toEqual(app);
});

const SHOP = 'https://example.net/acme/shop';
test.each([
  ['https://example.net/acme/shop', SHOP],
  ['https://example.net/acme/shop.git/', SHOP],
  ['HTTPS://me:p@ss@example.net/acme/shop.git', SHOP],
  ['https://example.net/acme/shop.git?private_token=hunter2', SHOP],
  ['https://example.net/acme/shop#hunter2', SHOP],
  ['https://x-access-token:hunter2@example.net:8443/acme/shop', 'https://example.net:8443/acme/shop'],
  ['http://example.net/acme/shop', 'http://example.net/acme/shop'],
  ['ssh://git@example.net:2222/acme/shop.git', SHOP],
  ['git@example.net:acme/shop.git', SHOP],
  ['user:p@ss@example.net:acme/shop.git', SHOP],
  ['example.net:/acme/shop', SHOP],
  ['git://[2001:db8::1]/shop', 'https://[2001:db8::1]/shop'],
  // A slash within a password, and an @ beyond the host: what of it is a login nobody knows.
  ['https://me:hunter/2@example.net/acme/shop', ''],
  ['https://example.net/@hunter2/shop', ''],
  ['hunter2/x@example.net:shop', ''],
  ['/srv/git/shop.git', ''],
  ['../shop', ''],
  ['file:///home/hunter2/shop', ''],
  ['ext::sh -c hunter2', ''],
  ['', ''],
])('the source of %s is %s', (remote, source) => {
  expect(describeSource(remote)).toBe(source);
});

test('a tree that is dirty, or on no remote, is refused unless that is allowed', async () => {
  expect(await check()).toMatch(/^the commit \w{12} is on no remote: push it, or build .* --allow-dirty$/);
  expect(await check({ ALLOW_DIRTY: true })).toBe('fine');
  // As actions/checkout leaves a commit that was asked for by its id: fetched, detached, under no name.
  write('.git/FETCH_HEAD', `${head()}\t\t'0123' of https://github.com/acme/shop\n`);
  expect(await check()).toBe('fine');
  write('.git/FETCH_HEAD', `${git('rev-parse', 'HEAD~1')}\tbranch 'main' of https://github.com/acme/shop\n`);
  expect(await check()).toContain('is on no remote');
  git('update-ref', 'refs/remotes/origin/main', 'HEAD');
  expect(await check()).toBe('fine');
  write('app/code.txt', 'two');
  expect(await check()).toContain('changes that are not committed: commit them');
  await using source = await openSource(await releaseNow({ ALLOW_DIRTY: true }), log);
  expect(readFileSync(join(source.folderOf('../app'), 'code.txt'), 'utf8')).toBe('two');
  expect(await source.labelsOf('../app'), 'no commit holds it').toEqual({});
  git('checkout', '-q', '.');
  git('remote', 'remove', 'origin');
  git('update-ref', '-d', 'refs/remotes/origin/main');
  expect(await check()).toBe('fine');
});

test.each([
  ['a tag', (name: string) => `refs/tags/${name}`],
  ['a branch', (name: string) => `refs/heads/${name}`],
  ['a replacement', () => `refs/replace/${head()}`],
])('%s that stands for another commit than its name does is not built', async (_what, refOf) => {
  const ref = refOf(git('rev-parse', '--short', 'HEAD'));
  git('update-ref', ref, 'HEAD~1');
  const release = await releaseNow();
  await using source = await openSource(release, log);
  const built = readFileSync(join(source.folderOf('../other'), 'code.txt'), 'utf8');
  git('update-ref', '-d', ref);
  expect([release.dirty, built]).toEqual([false, 'two']);
});

test('in a hook of another repository this one is read', async () => {
  execFileSync('git', ['init', '-q', lib]);
  const known = git('rev-parse', '--local-env-vars').split('\n');
  const isKept = (name: string) => name.startsWith('GIT_CONFIG');
  expect([...REPOSITORY_VARIABLES]).toEqual(
    expect.arrayContaining(known.filter((name) => !isKept(name)).sort()),
  );
  for (const name of ['GIT_DIR', 'GIT_COMMON_DIR']) vi.stubEnv(name, join(lib, '.git'));
  vi.stubEnv('GIT_INDEX_FILE', join(lib, '.git/index'));
  vi.stubEnv('GIT_WORK_TREE', lib);
  const facts = await readGit(root);
  vi.unstubAllEnvs();
  expect(facts).toEqual(await readGit(root));
  expect(facts.commit).toBe(head());
});

test('a checkout that git reads only half of has no commit', async () => {
  write('.git/index', 'x');
  const facts = await readGit(root);
  git('read-tree', 'HEAD');
  expect(facts).toMatchObject({ commit: undefined, isCheckout: true, dirty: false });
  expect(facts.refusal).toContain('index');
  expect((await readGit(folder)).isCheckout).toBe(false);
});

test('a submodule is built at the commit that the tree names, or refused', async () => {
  const inner = join(folder, 'inner');
  for (const [repository, text] of [
    [inner, 'inner'],
    [lib, 'one'],
  ] as const) {
    mkdirSync(repository, { recursive: true });
    gitIn(repository, 'init', '-q');
    writeFileSync(join(repository, 'code.txt'), text);
    gitIn(repository, 'add', '-A');
    gitIn(repository, 'commit', '-qm', text);
  }
  gitIn(lib, 'submodule', '--quiet', 'add', inner, 'inner');
  gitIn(lib, 'commit', '-qam', 'inner');
  git('submodule', '--quiet', 'add', lib, 'app/lib');
  git('submodule', '--quiet', 'add', inner, 'docs');
  git('submodule', '--quiet', 'update', '--init', '--recursive');
  git('commit', '-qam', 'with submodules');
  const pinned = gitIn(join(root, 'app/lib'), 'rev-parse', 'HEAD');
  const contexts = ['../app', '../app/lib/inner'];
  expect(await check({}, contexts)).toBe('fine');

  await using source = await openSource(await releaseNow({}, contexts), log);
  const read = (context: string, file: string) => readFileSync(join(source.folderOf(context), file), 'utf8');
  expect(read('../app', 'lib/code.txt')).toBe('one');
  expect(read('../app', 'lib/inner/code.txt')).toBe('inner');
  expect(read('../app/lib/inner', 'code.txt')).toBe('inner');
  expect(statSync(join(source.folderOf('../app'), 'lib')).mode & 0o777).toBe(0o755);
  expect(label('revision', await source.labelsOf('../app/lib/inner'))).toBe(head());

  writeFileSync(join(root, 'app/lib/code.txt'), 'local');
  gitIn(join(root, 'app/lib'), 'commit', '-qam', 'local');
  git('commit', '-qam', 'moved');
  const local = gitIn(join(root, 'app/lib'), 'rev-parse', 'HEAD').slice(0, 12);
  expect(await check()).toMatch(
    new RegExp(`^the submodule app/lib at commit ${local} is on no remote: push`),
  );
  git('reset', '-q', '--hard', 'HEAD~1');

  git('submodule', '--quiet', 'deinit', '--all', '--force');
  rmSync(join(root, '.git/modules'), { recursive: true });
  expect(await check()).toMatch(
    new RegExp(
      `^the checkout lacks a commit that is to be built: the submodule app/lib at commit ${pinned.slice(0, 12)}: fatal: not a tree object: git submodule update --init --recursive, or`,
    ),
  );
  expect(await check({}, ['../other']), 'no build needs one').toBe('fine');
  await expect(openSource(await releaseNow(), log)).rejects.toMatchObject({ code: 'BUILD_FAILED' });
});

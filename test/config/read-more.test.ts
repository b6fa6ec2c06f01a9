import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { loadRelease } from '../../src/pipeline/load-release.ts';
import { Secrecy } from '../../src/shared/mask.ts';
import { NO_GIT } from '../fakes/inputs.ts';

const folder = mkdtempSync(join(tmpdir(), 'waggle-named-'));
afterAll(() => rmSync(folder, { recursive: true }));

const FILES = {
  'deploy/cluster.env': 'DEPLOY_MANAGER_HOST=m1\nSTACK_NAME=shop\nDEPLOY_TAG=v1\n',
  'deploy/registry.env': 'REGISTRY=r.io\nREGISTRY_NAMESPACE=n\nREGISTRY_USERNAME=u\nREGISTRY_TOKEN=t\n',
  'deploy/prod.env': 'WHERE=infra\n',
};

let projects = 0;

async function load(files: Record<string, string | Buffer>) {
  const root = join(folder, String(++projects));
  for (const [name, text] of Object.entries({ ...FILES, ...files })) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  symlinkSync('.', join(root, 'deploy/again'));
  return loadRelease({
    root,
    git: Promise.resolve(NO_GIT),
    environment: {},
    secrecy: new Secrecy(),
    copyExamples: false,
    isOffline: true,
  });
}

test('files that files name are read, however many lie between, with what they name', async () => {
  const release = await load({
    'deploy/stack.yml':
      'include: ["../${WHERE}/compose.yml"]\nservices:\n  web: { extends: db, hostname: w }\n',
    'infra/compose.yml': 'include: [more/db.yml]\n',
    'infra/more/db.yml':
      'services:\n  db: { extends: { service: base, file: ../base.yml }, secrets: [key] }\nsecrets: { key: { file: key.txt } }\n',
    'infra/more/.env': 'TAG=7\n',
    'infra/more/key.txt': 'the-key',
    'infra/more/db.env': 'A=1\n',
    'infra/base.yml': 'services:\n  base: { image: "db:${TAG}", env_file: more/db.env }\n',
  });
  expect(release.document.services).toMatchObject({
    db: { image: 'db:7', environment: { A: '1' } },
    web: { image: 'db:7', hostname: 'w' },
  });
  expect(release.objects).toMatchObject([{ key: 'key', from: '../infra/more/key.txt' }]);
});

test.each<[string, Record<string, string | Buffer>, string]>([
  ['does not exist', {}, 'x.yml, which does not exist'],
  ['is a folder', { 'deploy/x.yml/a': '' }, 'x.yml, which is a folder: only a regular file can be read'],
  [
    'is too large',
    { 'deploy/x.yml': Buffer.alloc(5 * 1024 ** 2, ' ') },
    'x.yml, which has 5.0 MiB: at most 4 are read',
  ],
  ['is UTF-16', { 'deploy/x.yml': Buffer.from('\ufeffservices:', 'utf16le') }, 'UTF-16'],
])('an included file that %s is told at the line that names it', async (_what, files, message) => {
  await expect(load({ 'deploy/stack.yml': 'include:\n  - x.yml\n', ...files })).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    details: expect.arrayContaining([
      expect.stringMatching(/^\S*deploy\/stack\.yml:2:5: include names x\.yml, which/),
      expect.stringContaining(message),
    ]),
  });
});

test('a file that includes itself by another name each time is not read for ever', async () => {
  const stack = { 'deploy/stack.yml': 'include: [again/stack.yml]\nservices: { a: { image: "a:1" } }\n' };
  await expect(load(stack)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
});

test('a secret that only an inactive service uses is not needed, and not called unused', async () => {
  const stack = (profiles: string) => ({
    'deploy/stack.yml': `services:
  a: { image: "a:1" }
  b: { image: "b:1", secrets: [named, other, missing], profiles: [${profiles}] }
secrets:
  named: { file: secrets/named.txt }
  other: { external: true, name: "\${OTHER_SECRET}" }
  missing: { file: secrets/missing.txt }
`,
    'deploy/secrets/named.txt': 'named',
    'deploy/secrets/other.txt': 'other',
    'deploy/secrets/none.txt': 'none',
  });
  const { findings, objects } = await load(stack('x'));
  expect(objects).toEqual([]);
  expect(findings.filter(({ rule }) => rule === 'unused-secret').map(({ file }) => file)).toEqual([
    expect.stringContaining('secrets/none.txt'),
  ]);
  await expect(load(stack(''))).rejects.toThrow('problem');
});

test.each(['include: [link.yml]\n', 'services: { web: { extends: { file: link.yml, service: a } } }\n'])(
  'a symbolic link that leads out of the project is refused: %j',
  async (text) => {
    writeFileSync(join(folder, 'outside.yml'), 'services: { a: { image: "r/outside:1" } }\n');
    const linked = join(folder, String(projects + 1), 'deploy/link.yml');
    mkdirSync(dirname(linked), { recursive: true });
    symlinkSync(join(folder, 'outside.yml'), linked);
    await expect(load({ 'deploy/stack.yml': text })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      details: expect.arrayContaining([
        expect.stringContaining('leads out of the project by a symbolic link'),
      ]),
    });
  },
);

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { runWaggle } from './run-waggle.ts';

const folder = mkdtempSync(join(tmpdir(), 'waggle-unreadable-'));
afterAll(() => rmSync(folder, { recursive: true }));

const FILES: Readonly<Record<string, string>> = {
  'cluster.env': 'DEPLOY_MANAGER_HOST=m1\nSTACK_NAME=shop\nDEPLOY_TAG=v1\n',
  'registry.env': 'REGISTRY=r.io\nREGISTRY_NAMESPACE=n\nREGISTRY_USERNAME=u\nREGISTRY_TOKEN=t\n',
  'prod.env': 'GREETING=hello\n',
  'a.env': 'COLOUR=blue\n',
  'stack.yml': `services:
  a:
    image: b:1
    env_file: a.env
    environment: { GREETING: "\${GREETING}" }
    secrets: [key]
    configs: [page]
secrets:
  key: { file: secrets/key.txt }
configs:
  page: { file: page.html }
`,
  'secrets/key.txt': 'hunter2',
  'page.html': '<p>\n',
};

let count = 0;
/** A deploy folder whose files are these but for what `spoil` does to it. */
function project(spoil: (deploy: string) => void): string {
  count += 1;
  const root = join(folder, `p${count}`);
  mkdirSync(join(root, 'deploy/secrets'), { recursive: true });
  mkdirSync(join(root, 'deploy/hooks'));
  for (const [file, text] of Object.entries(FILES)) writeFileSync(join(root, 'deploy', file), text);
  spoil(join(root, 'deploy'));
  return root;
}
const plan = (root: string) => runWaggle(root, ['plan', '--offline']);
const utf16 = (text: string) => Buffer.from(text, 'utf16le');
const TEXTS = ['cluster.env', 'registry.env', 'prod.env', 'a.env', 'stack.yml', 'secret-commands.yml'];

test('the project is valid as it is', () => {
  expect(plan(project(() => {}))).toMatchObject({ status: 0 });
});

const encodings: readonly (readonly [name: string, encode: (text: string) => Buffer, said: string])[] = [
  ['UTF-16 LE with a mark', (text) => Buffer.concat([Buffer.from([0xff, 0xfe]), utf16(text)]), 'UTF-16 LE'],
  ['UTF-16 LE', utf16, 'UTF-16 LE'],
  [
    'UTF-16 BE with a mark',
    (text) => Buffer.concat([Buffer.from([0xfe, 0xff]), utf16(text).swap16()]),
    'UTF-16 BE',
  ],
  ['UTF-16 BE', (text) => utf16(text).swap16(), 'UTF-16 BE'],
  ['Latin-1', (text) => Buffer.from(`${text}# caf\u00E9\n`, 'latin1'), 'is not UTF-8'],
];

test.each(encodings)(
  'every text file in %s is named with its encoding, all at once',
  (_name, encode, said) => {
    const root = project((deploy) => {
      for (const file of TEXTS)
        writeFileSync(join(deploy, file), encode(FILES[file] ?? 'other: [echo, some text that is long]\n'));
      // It is read when the others are sound.
      writeFileSync(join(deploy, 'a.env'), FILES['a.env'] ?? '');
    });
    const { status, stderr } = plan(root);
    expect(status).toBe(3);
    for (const file of TEXTS.filter((name) => name !== 'a.env'))
      expect(stderr).toMatch(new RegExp(`deploy/${file.replace('.', '\\.')}(:\\d+)?: .*${said}`));
  },
);

test.each(encodings)('an env_file in %s is named with its encoding', (_name, encode, said) => {
  const { status, stderr } = plan(
    project((deploy) => writeFileSync(join(deploy, 'a.env'), encode(FILES['a.env'] ?? ''))),
  );
  expect(status).toBe(3);
  expect(stderr).toMatch(new RegExp(`deploy/a\\.env(:\\d+)?: .*${said}`));
});

test('a byte that is not UTF-8 is named with its line', () => {
  const bytes = Buffer.from('A=1\nB=2\nC=caf\xe9\n', 'latin1');
  const { stderr } = plan(project((deploy) => writeFileSync(join(deploy, 'prod.env'), bytes)));
  expect(stderr).toContain('deploy/prod.env:3: ');
});

test('every text file may begin with the mark of UTF-8', () => {
  const root = project((deploy) => {
    for (const file of TEXTS.filter((name) => FILES[name]))
      writeFileSync(join(deploy, file), `\uFEFF${FILES[file]}`);
  });
  expect(plan(root)).toMatchObject({ status: 0 });
});

const kinds: readonly (readonly [kind: string, make: (path: string) => void])[] = [
  ['a pipe', (path) => execFileSync('mkfifo', [path])],
  ['a folder', (path) => mkdirSync(path)],
  ['a device', (path) => execFileSync('ln', ['-s', '/dev/zero', path])],
  [
    'a pipe behind a link',
    (path) => execFileSync('sh', ['-c', 'mkfifo "$1.p" && ln -s "$1.p" "$1"', '-', path]),
  ],
  ['a link to itself', (path) => execFileSync('ln', ['-s', path, path])],
];
const places = ['stack.yml', 'prod.env', 'a.env', 'page.html', 'secrets/key.txt', 'secret-commands.yml'];

test.each(kinds.flatMap(([kind, make]) => places.map((place) => [kind, place, make] as const)))(
  '%s as %s is refused at once',
  (_kind, place, make) => {
    const root = project((deploy) => {
      rmSync(join(deploy, place), { force: true });
      make(join(deploy, place));
    });
    const { status, stderr } = plan(root);
    expect(status).toBe(3);
    expect(stderr).toContain(`deploy/${place}: `);
    if (place === 'page.html') expect(stderr).toMatch(/stack\.yml:\d+.*configs\.page/);
  },
);

test.each(['secrets/other', 'hooks/pre-build', 'prod.env.example', 'secrets/new.txt.example'])(
  'a pipe as %s is refused at once',
  (place) => {
    const root = project((deploy) => execFileSync('mkfifo', [join(deploy, place)]));
    expect(runWaggle(root, ['deploy'])).toMatchObject({
      status: 3,
      stderr: expect.stringContaining(`deploy/${place}: is a pipe`),
    });
  },
);

test('a socket as prod.env is refused at once', async () => {
  const server = createServer();
  const root = project((deploy) => rmSync(join(deploy, 'prod.env')));
  await new Promise<void>((done) => server.listen(join(root, 'deploy/prod.env'), done));
  const { status, stderr } = plan(root);
  server.close();
  expect(status).toBe(3);
  expect(stderr).toContain('deploy/prod.env: ');
});

test('the null device is an empty file', () => {
  const root = project((deploy) => {
    rmSync(join(deploy, 'a.env'));
    execFileSync('ln', ['-s', '/dev/null', join(deploy, 'a.env')]);
  });
  expect(plan(root)).toMatchObject({ status: 0 });
});

test.each(['stack.yml', 'prod.env', 'a.env', 'secrets/key.txt', 'secret-commands.yml'])(
  'a %s of 50 MB is refused by its size',
  (file) => {
    const root = project((deploy) =>
      writeFileSync(join(deploy, file), '# a comment that is repeated\n'.repeat(1_750_000)),
    );
    const { status, stderr } = plan(root);
    expect(status).toBe(3);
    expect(stderr).toMatch(new RegExp(`deploy/${file}: has 48\\.4 MiB`));
  },
);

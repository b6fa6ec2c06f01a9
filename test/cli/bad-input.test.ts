import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { MAIN, runWaggle } from './run-waggle.ts';

const folder = mkdtempSync(join(tmpdir(), 'waggle-bad-input-'));
afterAll(() => rmSync(folder, { recursive: true }));

const stackOf = (service: string, top = '') => `services: { a: { image: "b:1", ${service} } }\n${top}`;
const FILES: Readonly<Record<string, string>> = {
  'deploy/cluster.env': 'DEPLOY_MANAGER_HOST=m1\nSTACK_NAME=shop\nDEPLOY_TAG=v1\n',
  'deploy/registry.env': 'REGISTRY=r.io\nREGISTRY_NAMESPACE=n\nREGISTRY_USERNAME=u\nREGISTRY_TOKEN=t\n',
  'deploy/prod.env': '',
  'deploy/stack.yml': stackOf(''),
};
const deep = (open: string, close: string, count = 3000) => open.repeat(count) + close.repeat(count);

type Row = readonly [what: string, files: Readonly<Record<string, string>>, said: string, argv?: string];
const rows: readonly Row[] = [
  [
    'an example whose name is no pattern',
    { 'deploy/secrets/a(b.txt.example': 'x' },
    'deploy/secrets/a(b.txt: ',
    'deploy',
  ],
  ['an alias without an anchor', { 'deploy/secret-commands.yml': 'db: *a\n' }, 'secret-commands.yml:1:5: '],
  ['commands that are a list', { 'deploy/secret-commands.yml': '- db\n' }, 'secret-commands.yml:1:1: '],
  ['commands nested too deep', { 'deploy/secret-commands.yml': deep('[', ']') }, 'secret-commands.yml:1:'],
  [
    'a command of numbers',
    { 'deploy/secret-commands.yml': 'a: [x]\ndb: [1]\n' },
    'deploy/secret-commands.yml:2:1: ',
  ],
  [
    'defaults nested too deep',
    { 'deploy/stack.yml': stackOf(`command: "${deep('${A:-', '}')}"`) },
    'deploy/stack.yml:1:',
  ],
  ['lists nested too deep', { 'deploy/stack.yml': stackOf(`command: ${deep('[', ']')}`) }, 'stack.yml:1:'],
  [
    'an env_file with a name that objects have',
    { 'deploy/stack.yml': stackOf('env_file: __proto__') },
    'stack.yml:1:',
  ],
  ['an env_file within a file', { 'deploy/stack.yml': stackOf('env_file: prod.env/a') }, 'stack.yml:1:'],
  ['an env_file with a NUL in its name', { 'deploy/stack.yml': stackOf('env_file: "a\\0b"') }, 'NUL'],
  [
    'an env_file with an endless name',
    { 'deploy/stack.yml': stackOf(`env_file: ${'x'.repeat(5000)}`) },
    'its name is too long',
  ],
  [
    'a config with a NUL in its name',
    { 'deploy/stack.yml': stackOf('configs: [c]', 'configs: { c: { file: "a\\0b" } }\n') },
    'deploy/stack.yml:2:',
  ],
  [
    'tmpfs beside volumes that are a map',
    { 'deploy/stack.yml': stackOf('tmpfs: /a, volumes: {}') },
    'services.a.volumes',
  ],
  [
    'a platform beside constraints that are a number',
    { 'deploy/stack.yml': stackOf('platform: linux/amd64, deploy: { placement: { constraints: 5 } }') },
    'services.a.deploy.placement.constraints',
  ],
  [
    'a stack file with a name that objects have',
    { 'deploy/cluster.env': `${FILES['deploy/cluster.env']}STACK_FILES=constructor\n` },
    'deploy/constructor: ',
  ],
  ['a file in place of deploy/', { deploy: '' }, 'deploy', 'init'],
  ['a file in place of deploy/, for a plan', { deploy: '' }, 'deploy'],
];

let count = 0;
function project(files: Row[1]): string {
  count += 1;
  const root = join(folder, `p${count}`);
  const all = 'deploy' in files ? files : { ...FILES, ...files };
  for (const [file, text] of Object.entries(all)) {
    mkdirSync(join(root, file, '..'), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  return root;
}

const runs = rows.map(([what, files, said, argv = 'plan --offline']) => [what, files, said, argv] as const);

test.each(runs)('%s is invalid configuration, with its place', (_what, files, said, argv) => {
  const { status, stderr } = runWaggle(project(files), argv.split(' '));
  expect(stderr).toContain(said);
  expect(status).toBe(3);
});

/** Waggle in a folder that no longer exists. */
function inGoneFolder(argv: string) {
  const gone = join(folder, 'gone');
  mkdirSync(gone);
  const script = `cd "$1" && rmdir "$1" && exec node "$2" ${argv}`;
  return spawnSync('sh', ['-c', script, '-', gone, MAIN], { encoding: 'utf8' });
}

test.each(['plan --offline', 'deploy', 'init', 'status'])(
  '%s in a folder that was deleted says so',
  (argv) => {
    expect(inGoneFolder(argv)).toMatchObject({
      status: 3,
      stderr: expect.stringContaining('error: the current folder no longer exists'),
    });
  },
);

test.each(['--help', '--version', 'help deploy'])('%s needs no folder', (argv) => {
  expect(inGoneFolder(argv)).toMatchObject({ status: 0, stderr: '' });
});

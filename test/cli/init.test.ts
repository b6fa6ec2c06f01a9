import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { runWaggle } from './run-waggle.ts';

const folder = mkdtempSync(join(tmpdir(), 'waggle-init-'));
afterAll(() => rmSync(folder, { recursive: true }));

let count = 0;
function project(files: Readonly<Record<string, string>>): string {
  count += 1;
  const root = join(folder, `p${count}`);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  return root;
}

/** One line each, without what follows the place. */
const placesIn = (text: string) =>
  text.split('\n').flatMap((line) => /^ +(\S+:\d+:\d+): /.exec(line)?.[1] ?? []);

const KEYS = `services:
  a:
    image: a:1
    container_name: a
    network_mode: host
    privileged: true
    volumes:
      - ./folder:/folder
      - ./file.txt:/file.txt
    environment: { NEEDED: "\${NEEDED:?}", PORT: "\${PORT}" }
    ports: ["\${PORT}:80"]
`;

test('init lists what the next plan refuses, and what Swarm ignores, each with its line', () => {
  const root = project({ 'compose.yml': KEYS, 'folder/x': '', 'file.txt': 'text' });
  const { status, stdout } = runWaggle(root, ['init']);
  expect(status).toBe(0);
  const [refused = '', ignored = ''] = stdout.split('refuses this')[1]?.split('ignores this') ?? [];
  expect(placesIn(refused)).toEqual(
    ['deploy/stack.yml:5:5', 'deploy/stack.yml:6:5', 'deploy/stack.yml:10:9'].sort(),
  );
  expect(placesIn(ignored)).toEqual(['deploy/stack.yml:4:5']);

  writeFileSync(join(root, 'deploy/prod.env'), 'NEEDED=x\nPORT=80\n');
  const plan = runWaggle(root, ['plan', '--offline'], { DEPLOY_TAG: 'v1' });
  expect(placesIn(plan.stderr)).toEqual(placesIn(refused));
});

test('init says what to fill in, and the steps after it', () => {
  const root = project({
    'compose.yml': 'services: { a: { image: "a:1", secrets: [k] } }\nsecrets: { k: { file: k } }\n',
  });
  const { stdout } = runWaggle(root, ['init']);
  for (const file of ['cluster.env', 'registry.env', 'prod.env', 'secrets/k.txt'])
    expect(stdout).toMatch(new RegExp(`1\\. fill in .*deploy/${file}`));
  expect(stdout).not.toContain('refuses this');
  expect(stdout.match(/`waggle [^`]*`/g)).toEqual([
    '`waggle plan --offline`',
    '`waggle doctor`',
    '`waggle deploy`',
  ]);
  expect(runWaggle(root, ['plan', '--offline'], { DEPLOY_TAG: 'v1' })).toMatchObject({ status: 0 });
});

test('init --env writes an environment that cannot be taken for production', () => {
  const root = project({ 'compose.yml': 'services: { a: { image: "a:1" } }\n' });
  expect(runWaggle(root, ['init']).status).toBe(0);
  const { stdout } = runWaggle(root, ['init', '--env', 'staging']);
  expect(stdout).toContain('`waggle deploy --env staging`');
  const namesOf = (file: string) => /^STACK_NAME=(.*)$/m.exec(readFileSync(join(root, file), 'utf8'))?.[1];
  const [production, staging] = ['deploy/cluster.env', 'deploy/staging/cluster.env'].map(namesOf);
  expect(staging).toBe(`${production}-staging`);
  const plan = runWaggle(root, ['plan', '--offline', '--env', 'staging'], { DEPLOY_TAG: 'v1' });
  expect(plan.status, plan.stderr).toBe(0);
});

test('a second init keeps every file, and claims nothing else', () => {
  const root = project({ 'docker-stack.yml': 'services: { a: { image: "a:1" } }\n' });
  expect(runWaggle(root, ['init']).stdout).toContain('wrote deploy/stack.yml (from docker-stack.yml)');
  const { stdout } = runWaggle(root, ['init', 'docker-stack.yml']);
  expect(stdout).toContain('kept  deploy/stack.yml\n');
  expect(stdout).not.toMatch(/wrote|from docker-stack/);
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { runWaggle } from './run-waggle.ts';

const root = mkdtempSync(join(tmpdir(), 'waggle-unfilled-'));
afterAll(() => rmSync(root, { recursive: true }));

const FILES = {
  'cluster.env': '# where\nDEPLOY_MANAGER_HOST=\nSTACK_NAME=shop\n',
  'registry.env': 'REGISTRY=\nREGISTRY_NAMESPACE=team\nREGISTRY_TOKEN=\n',
  'prod.env': '',
  'secrets/key.txt': 'put the value here\n',
  'secrets/key.txt.example': 'put the value here\n',
  'stack.yml':
    'services: { web: { image: "${REGISTRY}/${REGISTRY_NAMESPACE}/web:${DEPLOY_TAG}", build: .., secrets: [key] } }\nsecrets: { key: { file: secrets/key.txt } }\n',
};
for (const [file, text] of Object.entries(FILES)) {
  mkdirSync(dirname(join(root, 'deploy', file)), { recursive: true });
  writeFileSync(join(root, 'deploy', file), text);
}
const UNFILLED =
  /not filled in yet.*DEPLOY_MANAGER_HOST in deploy\/cluster\.env, REGISTRY in deploy\/registry\.env, REGISTRY_USERNAME in .*, REGISTRY_TOKEN in .*, deploy\/secrets\/key\.txt/;

test.each([['plan --offline'], ['config'], ['deploy --dry-run']])(
  'waggle %s needs no server, registry or secret: it names what is not filled in',
  (words) => {
    const { status, stdout, stderr } = runWaggle(root, words.split(' '), { DEPLOY_TAG: 'v1', REGISTRY: '' });
    expect(status, stderr).toBe(0);
    expect(stdout + stderr).toMatch(UNFILLED);
    expect(stdout).toContain('registry.invalid/team/web');
  },
);

test('a setting that is wrong is a problem there, too', () => {
  const env = { DEPLOY_TAG: 'v1', REGISTRY_NAMESPACE: 'Team' };
  const { status, stderr } = runWaggle(root, ['plan', '--offline'], env);
  expect(status).toBe(3);
  expect(stderr).toContain('REGISTRY_NAMESPACE');
  expect(stderr).not.toContain('DEPLOY_MANAGER_HOST');
});

test('a deploy needs them all', () => {
  const { status, stderr } = runWaggle(root, ['deploy'], { DEPLOY_TAG: 'v1' });
  expect(status).toBe(3);
  for (const name of ['DEPLOY_MANAGER_HOST', 'REGISTRY', 'REGISTRY_USERNAME', 'REGISTRY_TOKEN', 'key.txt'])
    expect(stderr).toContain(name);
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readEnvironments } from '../../src/config/read-environments.ts';

const root = mkdtempSync(join(tmpdir(), 'waggle-environments-'));
afterAll(() => rmSync(root, { recursive: true }));

const environment = (folder: string, text: string) => {
  mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, folder, 'cluster.env'), text);
};
environment('deploy', 'DEPLOY_MANAGER_HOST=m1\nSTACK_NAME=shop\n');
environment('deploy/staging', 'DEPLOY_MANAGER_HOST="m1,m2"\nSTACK_NAME=shop # copied\n');
environment('deploy/open', 'DEPLOY_MANAGER_HOST=m1\nSTACK_NAME=\n');
mkdirSync(join(root, 'deploy/secrets'));
mkdirSync(join(root, 'deploy/broken/cluster.env'), { recursive: true });

const SHOP = { stack: 'shop', managers: 'm1' };
const STAGING = { stack: 'shop', managers: 'm1,m2' };

test.each([
  ['deploy', [['deploy/staging', STAGING]]],
  ['deploy/staging', [['deploy', SHOP]]],
  [
    'deploy/open',
    [
      ['deploy', SHOP],
      ['deploy/staging', STAGING],
    ],
  ],
] as const)('reads the targets of the other environments than %s', async (own, expected) => {
  const found = await readEnvironments(root, join(root, own));
  expect(found.map(({ folder, ...target }) => [folder.slice(folder.indexOf('deploy')), target])).toEqual(
    expected,
  );
});

test('reads nothing where there is no deploy folder', async () => {
  expect(await readEnvironments(join(root, 'none'), join(root, 'none/deploy'))).toEqual([]);
});

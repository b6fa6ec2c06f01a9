import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import type { Inputs } from '../../src/config/inputs.ts';
import { renderRelease } from '../../src/plan/render-plan.ts';
import { DeployError } from '../../src/shared/errors.ts';
import { inputs, release, secretFile } from '../fakes/inputs.ts';

function problemsOf(change: Partial<Inputs>, texts: Record<string, string> = {}): readonly string[] {
  try {
    release(change, texts);
  } catch (error) {
    if (error instanceof DeployError && error.code === 'CONFIG_INVALID') return error.details;
    throw error;
  }
  return [];
}

test('a whole release from plain inputs', () => {
  const { id, tag, services, builds, secrets, storage } = release();
  expect({ id, tag }).toEqual({ id: 'abc1234_20260413120000', tag: 'abc1234' });
  expect(services.map(({ name, image, replicas }) => [name, image, replicas])).toEqual([
    ['api', 'r.io/team/api:abc1234', 1],
    ['redis', 'redis:7', 1],
  ]);
  expect(builds).toMatchObject([{ name: 'api', context: '..', target: 'api', args: { VERSION: 'abc1234' } }]);
  expect(secrets.map(({ name }) => name)).toEqual(['shop_secret_key_abc1234_20260413120000']);
  expect(storage).toEqual({ kind: 's3', endpoint: 'https://s3', bucket: 'bucket' });
});

test('no secret value is in a plan or in anything printed from it', () => {
  const planned = release();
  expect(Object.keys(planned.sensitive)).toEqual(['B2_APP_KEY']);
  expect(inspect(planned, { depth: 9 }) + JSON.stringify(planned) + renderRelease(planned)).not.toContain(
    'hunter2',
  );
});

test('the environment wins over files, and DEPLOY_TAG over git', () => {
  const planned = release({ environment: { DEPLOY_TAG: 'v1.2', STACK_NAME: 'other', API_REPLICAS: '2' } });
  expect(planned).toMatchObject({ id: 'v1.2_20260413120000', stack: 'other' });
  expect(planned.services[0]).toMatchObject({ image: 'r.io/team/api:v1.2', replicas: 2 });
});

test('every problem of every file in one report', () => {
  const problems = problemsOf(
    {
      secrets: [secretFile('secret_key', ''), secretFile('old', 'x', true)],
      git: { sha: undefined, dirty: false },
    },
    {
      'cluster.env': 'STACK_NAME=Shop\nDEPLOY_TIMEOUT=soon\nPUSH_LATEST_TAG=perhaps\n',
      'prod.env': 'B2_ENDPOINT=https://s3\nB2_KEY_ID=\n',
      'stack.yml': 'services:\n  api: {image: "${NOWHERE}"}\n',
    },
  );
  expect(problems).toEqual([
    'deploy/cluster.env: DEPLOY_MANAGER_HOST is missing',
    expect.stringMatching(/^deploy\/cluster.env:1: STACK_NAME must be/),
    'deploy/cluster.env:2: DEPLOY_TIMEOUT must be a number',
    expect.stringMatching(/^deploy\/cluster.env:3: PUSH_LATEST_TAG must be 1/),
    expect.stringMatching(/^deploy\/prod.env:2: B2_KEY_ID is empty/),
    expect.stringMatching(/^deploy\/prod.env: B2_APP_KEY is empty/),
    expect.stringMatching(/^deploy\/prod.env: B2_BUCKET_NAME is empty/),
    expect.stringMatching(/^deploy\/stack.yml:2:17: NOWHERE is not set/),
    expect.stringMatching(/secret_key.txt: is empty/),
    expect.stringMatching(/old.txt: still holds the text of its .example/),
    expect.stringMatching(/no git checkout/),
  ]);
});

test.each([
  [
    'a copied file',
    { copied: ['cluster.env'] },
    {},
    'deploy/cluster.env: was missing: copied from its .example',
  ],
  ['an absent stack', { stackFiles: ['none.yml'] }, {}, 'deploy/none.yml: is missing'],
  ['no services', {}, { 'stack.yml': 'networks: {}\n' }, 'has no services'],
  ['no image', {}, { 'stack.yml': 'services: {a: {build: ..}}\n' }, 'services.a needs an image'],
  [
    'a secret from a file',
    {},
    { 'stack.yml': 'services: {a: {image: b}}\nsecrets: {s: {file: x}}\n' },
    'secrets.s has file:',
  ],
  ['a name over 64', { secrets: [secretFile('k'.repeat(40), 'x')] }, {}, 'longer than the 64 characters'],
  [
    'a secret too large',
    { secrets: [secretFile('secret_key', 'x'.repeat(512_000))] },
    {},
    'has 512000 bytes',
  ],
])('%s is a problem', (_what, change, texts, expected) => {
  expect(problemsOf(change, texts as Record<string, string>).join('\n')).toContain(expected);
});

test.each([
  ['local', '2', 1],
  ['local', '1', 0],
  ['s3', '2', 0],
])('%s storage with %s replicas gives %i warning', (kind, API_REPLICAS, count) => {
  const texts: Record<string, string> = kind === 'local' ? { 'prod.env': '' } : {};
  const { warnings, storage } = release({ environment: { API_REPLICAS } }, texts);
  expect(storage?.kind).toBe(kind);
  expect(warnings.filter((warning) => warning.includes('404'))).toHaveLength(count);
});

test('a secret file that the stack does not name is said and not created', () => {
  const { warnings, secrets } = release({ secrets: [...inputs().secrets, secretFile('unused', 'x')] });
  expect(secrets.map(({ key }) => key)).toEqual(['secret_key']);
  expect(warnings.join()).toContain('${UNUSED_SECRET}');
});

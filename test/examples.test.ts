import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { parseEnv } from '../src/config/parse-env.ts';
import { readInputs } from '../src/config/read-inputs.ts';
import { B2_KEYS, clusterSchema, registrySchema } from '../src/config/settings.ts';
import { cleanupSteps, deploySteps } from '../src/pipeline/deploy.ts';
import { planRelease } from '../src/plan/plan-release.ts';
import { DeployError, FAILURES } from '../src/shared/errors.ts';

const ROOT = resolve(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

test.each([
  ['cluster.env', Object.keys(clusterSchema.shape)],
  ['registry.env', Object.keys(registrySchema.shape)],
  ['prod.env', [...B2_KEYS]],
])('deploy/%s.example lists every key that Waggle knows', (file, keys) => {
  const { values, problems } = parseEnv(file, read(`deploy/${file}.example`));
  expect(problems).toEqual([]);
  expect(Object.keys(values)).toEqual(expect.arrayContaining(keys));
});

test('the reference stack plans from its examples once they are filled in; a missing file is copied and named', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'waggle-examples-'));
  cpSync(join(ROOT, 'deploy'), join(folder, 'deploy'), {
    recursive: true,
    filter: (path) => !/\.(env|txt|p8)$/.test(path),
  });
  const environment = {
    DEPLOY_MANAGER_HOST: 'm1',
    REGISTRY: 'r.io',
    REGISTRY_NAMESPACE: 'shop',
    REGISTRY_USERNAME: 'u',
    REGISTRY_TOKEN: 't',
    DEPLOY_TAG: 'v1',
  };
  const first = await readInputs(folder, environment, { copyExamples: true });
  const missing = readdirSync(join(ROOT, 'deploy')).filter((file) => file.endsWith('.env.example')).length;
  expect(first.copied).toHaveLength(missing + 5);
  expect(() => planRelease(first)).toThrow(DeployError);
  expect((await readInputs(folder, environment, { copyExamples: true })).copied).toEqual([]);

  const inputs = await readInputs(folder, environment, { copyExamples: false });
  const release = planRelease({
    ...inputs,
    secrets: inputs.secrets.map((secret) => ({ ...secret, isExample: false })),
  });
  expect(release.builds.map(({ name }) => name)).toEqual(['api', 'worker', 'admin']);
  expect(release.secrets).toHaveLength(5);
  expect(release.services.map(({ name, replicas }) => `${name} ${replicas}`)).toEqual([
    'api 3',
    'worker 1',
    'admin 1',
    'redis 1',
    'dozzle 1',
  ]);
  rmSync(folder, { recursive: true });
});

test('DEPLOYING.md explains every step by its name', () => {
  const rows = read('DEPLOYING.md')
    .split('\n')
    .map((line) => line.split('|')[1]?.trim() ?? '')
    .flatMap((names) => names.split(', '));
  for (const { name } of [...deploySteps, ...cleanupSteps]) expect(rows).toContain(name);
});

test('the table of exit codes in DEPLOYING.md is the one in the code', () => {
  const rows = [...read('DEPLOYING.md').matchAll(/^\| (\d+) \| `([A-Z_]+)` \|/gm)].map(([, code, name]) => [
    name,
    Number(code),
  ]);
  expect(Object.fromEntries(rows)).toEqual(FAILURES);
});

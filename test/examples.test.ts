import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { commands } from '../src/cli/commands.ts';
import { parseInvocation } from '../src/cli/run.ts';
import { parseEnv } from '../src/config/parse-env.ts';
import { readGit } from '../src/config/read-git.ts';
import { B2_KEYS, clusterSchema, registrySchema } from '../src/config/settings.ts';
import { checkups } from '../src/doctor/checkups.ts';
import { READING_RULES } from '../src/lint/reading-rules.ts';
import { cleanupSteps, deploySteps } from '../src/pipeline/deploy.ts';
import { loadRelease } from '../src/pipeline/load-release.ts';
import { sources } from '../src/secrets/sources.ts';
import { DeployError } from '../src/shared/errors.ts';
import { Secrecy } from '../src/shared/mask.ts';
import { planned } from './fakes/inputs.ts';
import { shownCommands } from './lab/shown.ts';

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
  const load = (copyExamples: boolean) =>
    loadRelease({
      secrecy: new Secrecy(),
      root: folder,
      git: readGit(folder),
      environment,
      copyExamples,
      isOffline: true,
    });
  const missing = readdirSync(join(ROOT, 'deploy')).filter((file) => file.endsWith('.env.example')).length;
  const told: unknown = await load(true).catch((error: unknown) => error);
  expect(told).toBeInstanceOf(DeployError);
  const copied = (told as DeployError).details.filter((line) => line.includes('copied from its .example'));
  expect(copied).toHaveLength(missing + 5);
  await expect(load(true)).rejects.toThrow('the configuration has 5 problems');

  for (const file of readdirSync(join(folder, 'deploy/secrets')).filter((name) => !name.endsWith('.example')))
    writeFileSync(join(folder, 'deploy/secrets', file), `the real value of ${file}`);
  const release = await load(false);
  expect(release.warnings.filter((warning) => !warning.includes('404'))).toEqual([]);
  expect(release.findings).toEqual([]);
  expect(release.builds.map(({ name }) => name)).toEqual(['api', 'worker', 'admin']);
  expect(release.objects).toHaveLength(5);
  expect(release.services.map(({ name, replicas }) => `${name} ${replicas}`)).toEqual([
    'api 3',
    'worker 1',
    'admin 1',
    'redis 1',
    'dozzle 1',
  ]);
  rmSync(folder, { recursive: true });
});

/** Every page that shows stack files. */
const pages = [
  'DEPLOYING.md',
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
const examples = pages.flatMap((page) => [
  ...read(page).matchAll(/^```yaml\n((?:services|secrets):[\s\S]*?)^```/gm),
]);

test('the documents have examples', () => expect(examples.length).toBeGreaterThanOrEqual(3));

test.each(examples.map(([, text = '']) => text))('this example may be laid over a stack: %s', (text) => {
  const texts = { 'stack.yml': 'services: { worker: { image: "r.io/worker:1" } }', 'example.yml': text };
  const objects = { postgres_password: 'x', secret_key: 'y', nginx: 'z' };
  const { findings, release } = planned({ stackFiles: Object.keys(texts) }, texts, { objects });
  expect(release().services.map(({ name }) => name)).toContain('worker');
  expect(findings.filter(({ level }) => level === 'error')).toEqual([]);
});

test('docs/reference/steps.md explains every step by its name', () => {
  const rows = read('docs/reference/steps.md')
    .split('\n')
    .map((line) => line.split('|')[1]?.trim() ?? '')
    .flatMap((names) => names.split(', '));
  for (const { name } of [...deploySteps, ...cleanupSteps.flat()]) expect(rows).toContain(name);
});

test('every rule that reading a stack file names is documented, and no other', () => {
  const texts = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => /^(config|plan)\/.*\.ts$/.test(file))
    .map((file) => read(`src/${file}`));
  const ids: readonly string[] = READING_RULES.map(({ id }) => id);
  expect(ids.filter((id) => !texts.some((text) => text.includes(`'${id}'`)))).toEqual([]);
  const given = texts.flatMap((text) => [...text.matchAll(/rule: '([\w-]+)'/g)].map(([, id = '']) => id));
  expect(given.filter((id) => !ids.includes(id))).toEqual([]);
});

test('the documents list every source of secrets', () => {
  for (const { name } of sources)
    expect(read('docs/explanation/secret-versions.md')).toMatch(new RegExp(`^\\| ${name} \\|`, 'm'));
});

test('docs/reference/doctor.md names everything that doctor looks at', () => {
  const rows = read('docs/reference/doctor.md')
    .split('\n')
    .map((line) => line.split('|')[1]?.trim());
  for (const { name } of checkups) expect(rows).toContain(name);
});

test('the documents show every command, and only such as can be given', () => {
  const lines = [...shownCommands].flatMap((line) => /(?:^|[ (])waggle ([^)]+)/.exec(line)?.[1] ?? []);
  // One that is unknown throws; help is no command.
  const named = lines.flatMap((line) => {
    const words = line.replace(/<[^>]*>/g, 'word').match(/"[^"]*"|\S+/g) ?? [];
    return parseInvocation(words, '1').command?.name ?? [];
  });
  expect(new Set(named)).toEqual(new Set(commands.map(({ name }) => name)));
});

/** It runs all tests, this one too. */
const RUN_BY_NO_TEST = ['./scripts/test'];

test('every command that the documents show is run by a test', () => {
  const texts = ['test/e2e', 'test/install', 'test/proof'].flatMap((folder) =>
    readdirSync(join(ROOT, folder))
      .filter((file) => file.endsWith('.ts'))
      .map((file) => read(`${folder}/${file}`)),
  );
  const isRun = (command: string) => texts.some((text) => text.includes(`'${command}'`));
  expect([...shownCommands].filter((command) => !isRun(command))).toEqual(RUN_BY_NO_TEST);
});

import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { readGit } from '../../src/config/read-git.ts';
import { planFiles } from '../../src/init/plan-files.ts';
import { chooseCompose } from '../../src/pipeline/choose-compose.ts';
import { init } from '../../src/pipeline/init.ts';
import { loadRelease } from '../../src/pipeline/load-release.ts';
import { Secrecy } from '../../src/shared/mask.ts';
import { planText } from './plan-text.ts';

const COMPOSE = `# our product
name: shop
services:
  web: # the front
    build: .
    env_file: web.env
    restart: always
    environment: { URL: "\${PUBLIC_URL}", LEVEL: "\${LEVEL:-info}", COST: "$$5" }
    secrets: [key]
  job:
    build: { context: ./job, target: run }
    image: registry.test/job
    env_file: [./job.env, /etc/all.env, { path: ./more.env, required: false }]
secrets:
  key: { file: ./key.txt }
configs:
  page: { file: page.html }
`;

const noTerminal = async () => undefined;
const folder = mkdtempSync(join(tmpdir(), 'waggle-init-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('a compose file becomes a stack file in deploy/, with its comments and its paths', () => {
  const { text, name, variables, secrets } = planText(COMPOSE);
  expect({ name, variables, secrets }).toEqual({ name: 'shop', variables: ['PUBLIC_URL'], secrets: ['key'] });
  expect(text).toContain('# our product');
  expect(text).toContain('# the front');
  expect(parse(text)).toMatchObject({
    services: {
      web: {
        build: '..',
        env_file: '../web.env',
        image: '${REGISTRY}/${REGISTRY_NAMESPACE}/web:${DEPLOY_TAG}',
      },
      job: {
        build: { context: '../job', target: 'run' },
        image: '${REGISTRY}/${REGISTRY_NAMESPACE}/job:${DEPLOY_TAG}',
        env_file: ['../job.env', '/etc/all.env', { path: '../more.env', required: false }],
      },
    },
    secrets: { key: { file: 'secrets/key.txt' } },
    configs: { page: { file: '../page.html' } },
  });
  expect(parse(text).name).toBeUndefined();
});

test.each([
  ['a compose file', COMPOSE],
  ['nothing', undefined],
])('init from %s writes what plans once it is filled in, and overwrites nothing', async (_what, compose) => {
  const root = join(folder, compose ? 'with' : 'without');
  mkdirSync(join(root, 'job'), { recursive: true });
  if (compose) {
    writeFileSync(join(root, 'compose.yml'), compose);
    for (const file of ['web.env', 'job.env', 'key.txt', 'page.html'])
      writeFileSync(join(root, file), 'A=the-content\n');
    writeFileSync(join(root, 'compose.yml'), compose.replace(', /etc/all.env', ''));
  }
  const said: string[] = [];
  const run = () => init({ root, ask: noTerminal, print: (text) => said.push(String(text)) });
  await run();
  expect(readdirSync(join(root, 'deploy')).sort()).toEqual(
    [
      'cluster.env.example',
      'prod.env.example',
      'registry.env.example',
      ...(compose ? ['secrets'] : []),
      'stack.yml',
    ].sort(),
  );
  expect(existsSync(join(root, '.github')), 'no remote, no workflow').toBe(false);
  expect(readFileSync(join(root, '.gitignore'), 'utf8')).toContain('deploy/**/secrets/*');
  expect(readFileSync(join(root, 'deploy/cluster.env.example'), 'utf8')).not.toContain('API_REPLICAS');

  writeFileSync(
    join(root, 'deploy/stack.yml'),
    `${readFileSync(join(root, 'deploy/stack.yml'), 'utf8')}# mine\n`,
  );
  await run();
  expect(said).toContain('kept  deploy/stack.yml');
  expect(readFileSync(join(root, 'deploy/stack.yml'), 'utf8')).toContain('# mine');
  expect(readFileSync(join(root, '.gitignore'), 'utf8').match(/secrets\/\*$/gm)).toHaveLength(1);

  const environment = {
    DEPLOY_MANAGER_HOST: 'm1',
    REGISTRY: 'r.io',
    REGISTRY_NAMESPACE: 'n',
    REGISTRY_USERNAME: 'u',
    REGISTRY_TOKEN: 't',
    DEPLOY_TAG: 'v1',
    PUBLIC_URL: 'https://shop.test',
  };
  await expect(
    loadRelease({
      secrecy: new Secrecy(),
      root,
      git: readGit(root),
      environment,
      copyExamples: true,
      isOffline: true,
    }),
  ).rejects.toThrow('problem');
  if (compose) writeFileSync(join(root, 'deploy/secrets/key.txt'), 'the real key');
  const release = await loadRelease({
    secrecy: new Secrecy(),
    root,
    git: readGit(root),
    environment,
    copyExamples: false,
    isOffline: true,
  });
  expect(release.stack).toBe(compose ? 'shop' : 'without');
  expect(release.services.map(({ name }) => name)).toEqual(compose ? ['web', 'job'] : ['web']);
});

test('what a compose file extends and includes leads to where it led, and plans', async () => {
  const root = join(folder, 'named');
  mkdirSync(join(root, 'infra'), { recursive: true });
  const write = (file: string, text: string) => writeFileSync(join(root, file), text);
  write(
    'compose.yml',
    `include:
  - infra/db.yml
  - { path: [./infra/cache.yml], project_directory: ., env_file: infra/cache.env }
services:
  web: { extends: { file: infra/base.yml, service: base } }
  debug: { image: "d:1", profiles: [debug] }
`,
  );
  write('infra/db.yml', 'services: { db: { image: "db:1", env_file: db.env } }\n');
  write('infra/db.env', 'A=1\n');
  write('infra/cache.yml', 'services: { cache: { image: "cache:${CACHE_TAG}" } }\n');
  write('infra/cache.env', 'CACHE_TAG=2\n');
  write('infra/base.yml', 'services: { base: { image: "b:1", label_file: base.labels } }\n');
  write('infra/base.labels', 'team=a\n');
  await init({ root, ask: noTerminal, print: () => {} });
  const environment = {
    DEPLOY_MANAGER_HOST: 'm1',
    REGISTRY: 'r.io',
    REGISTRY_NAMESPACE: 'n',
    REGISTRY_USERNAME: 'u',
    REGISTRY_TOKEN: 't',
    DEPLOY_TAG: 'v1',
  };
  const load = (copyExamples: boolean) =>
    loadRelease({
      secrecy: new Secrecy(),
      root,
      git: readGit(root),
      environment,
      copyExamples,
      isOffline: true,
    });
  await expect(load(true)).rejects.toThrow('problem');
  const { document } = await load(false);
  expect(document.services).toEqual({
    web: { image: 'b:1', labels: { team: 'a' } },
    db: { image: 'db:1', environment: { A: '1' } },
    cache: { image: 'cache:2' },
  });
});

test('a compose file that is no YAML is told, not thrown', async () => {
  const root = join(folder, 'broken');
  mkdirSync(root);
  writeFileSync(join(root, 'compose.yml'), 'services: [\n');
  await expect(init({ root, ask: noTerminal, print: () => {} })).rejects.toThrow('the configuration has');
  await expect(init({ root, ask: noTerminal, print: () => {} }, 'none.yml')).rejects.toThrow(
    'there is no file none.yml',
  );
});

test.each([
  ['nothing', [], undefined, undefined],
  ['Docker’s own stack file', ['docker-stack.yml'], undefined, 'docker-stack.yml'],
  ['two, and a number', ['docker-stack.yml', 'compose.yaml'], '2', 'docker-stack.yml'],
  [
    'two, and a name',
    ['docker-compose.yml', 'docker-compose.yaml'],
    'docker-compose.yml',
    'docker-compose.yml',
  ],
] as const)('init finds the compose file: %s', async (what, files, answer, chosen) => {
  const root = join(folder, what.replaceAll(' ', '-'));
  mkdirSync(root);
  for (const file of files) writeFileSync(join(root, file), 'services: { a: { image: "a:1" } }\n');
  expect(await chooseCompose(root, async () => answer)).toBe(chosen);
});

test('without a terminal, several compose files are named with the command for each', async () => {
  const root = join(folder, 'several');
  mkdirSync(root);
  for (const file of ['compose.yml', 'docker-stack.yml']) writeFileSync(join(root, file), 'services: {}\n');
  await expect(init({ root, ask: noTerminal, print: () => {} })).rejects.toMatchObject({
    code: 'USAGE',
    message: expect.stringContaining('compose.yml, docker-stack.yml'),
    hint: expect.stringContaining('`waggle init docker-stack.yml`'),
  });
});

test('what is included sets its own variables, from its .env, too, and is written at the same place', async () => {
  const files: Readonly<Record<string, string>> = {
    'infra/.env': 'TAG=1\n',
    'infra/db.yml': 'include: [deep/x.yml]\nservices: { db: { image: "db:${TAG}", build: . } }\n',
    'infra/deep/x.yml': 'services: { x: { image: "x:${TAG}${OTHER}", env_file: x.env } }\n',
  };
  const planned = await planFiles([{ file: 'compose.yml', text: 'include:\n  - infra/db.yml\n' }], 'deploy', {
    readText: async (file) => files[file],
    lookAt: (file) => (files[file] ? { isProgram: false } : undefined),
  });
  expect(planned.variables).toEqual(['OTHER']);
  expect(planned.files).toEqual({
    'deploy/stack.yml': 'include:\n  - { path: "infra/db.yml", env_file: ../infra/.env }\n',
    'deploy/infra/db.yml':
      'include: [deep/x.yml]\nservices: { db: { image: "${REGISTRY}/${REGISTRY_NAMESPACE}/db:${DEPLOY_TAG}", build: ../../infra } }\n',
    'deploy/infra/deep/x.yml':
      'services: { x: { image: "x:${TAG}${OTHER}", env_file: ../../../infra/deep/x.env } }\n',
  });
});

test('several compose files are laid over each other, as STACK_FILES says', async () => {
  const root = join(folder, 'over');
  mkdirSync(root);
  writeFileSync(join(root, 'docker-compose.yml'), 'services: { a: { image: "a:1", build: . } }\n');
  writeFileSync(join(root, 'docker-compose.prod.yml'), 'services: { a: { env_file: a.env } }\n');
  const said: unknown[] = [];
  const print = (text: unknown) => said.push(text);
  await init({ root, ask: noTerminal, print }, ['docker-compose.yml', 'docker-compose.prod.yml']);
  const read = (file: string) => readFileSync(join(root, 'deploy', file), 'utf8');
  expect(read('docker-compose.prod.yml')).toBe('services: { a: { env_file: ../a.env } }\n');
  expect(read('cluster.env.example')).toMatch(/^STACK_FILES=stack.yml:docker-compose.prod.yml$/m);
  expect(said.join('\n')).not.toContain('was not read');

  await init({ root, ask: noTerminal, print });
  expect(said.join('\n')).toContain('`waggle init docker-compose.yml docker-compose.prod.yml`');
});

test('another environment has its own name, secrets and no servers, and leads to the same files', async () => {
  const root = join(folder, 'Shop');
  mkdirSync(root);
  const compose =
    'services: { a: { build: ., env_file: a.env, secrets: [k] } }\nsecrets: { k: { file: k.txt } }\n';
  writeFileSync(join(root, 'compose.yml'), compose);
  const run = (target?: string) => init({ root, ask: noTerminal, print: () => {} }, [], { target });
  await run();
  writeFileSync(join(root, 'deploy/cluster.env'), 'DEPLOY_MANAGER_HOST=m1.shop.test\nSTACK_NAME=shop\n');
  await run('staging');
  const files = ['stack.yml', 'cluster.env.example', 'secrets/k.txt.example'];
  const [stack = '', cluster = '', secret = ''] = files.map((file) =>
    readFileSync(join(root, 'deploy/staging', file), 'utf8'),
  );
  expect(stack).toContain('build: ../.., env_file: ../../a.env');
  expect(stack).toContain('k: { file: secrets/k.txt }');
  expect(cluster).toMatch(/^STACK_NAME=shop-staging$/m);
  expect(cluster).toMatch(/^DEPLOY_MANAGER_HOST=$/m);
  expect(secret).not.toBe('');
});

test('what git ignores is what holds credentials', async () => {
  const root = join(folder, 'with');
  execFileSync('git', ['init', '--quiet', root]);
  const ignored = (file: string) => {
    try {
      execFileSync('git', ['-C', root, 'check-ignore', '--quiet', file]);
      return true;
    } catch {
      return false;
    }
  };
  expect(['deploy/registry.env', 'deploy/staging/prod.env', 'deploy/secrets/key.txt'].map(ignored)).toEqual([
    true,
    true,
    true,
  ]);
  expect(
    [
      'deploy/stack.yml',
      'deploy/prod.env.example',
      'deploy/secrets/key.txt.example',
      'deploy/secrets/key.txt.age',
    ].map(ignored),
  ).toEqual([false, false, false, false]);
});

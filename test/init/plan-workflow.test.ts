import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { readGit } from '../../src/config/read-git.ts';
import { init } from '../../src/pipeline/init.ts';
import { loadRelease } from '../../src/pipeline/load-release.ts';
import { Secrecy } from '../../src/shared/mask.ts';
import { problems } from '../github/lint.ts';
import { fillIn } from '../lab/github-expression.ts';

const folder = mkdtempSync(join(tmpdir(), 'waggle-workflow-'));
afterAll(() => rmSync(folder, { recursive: true }));

const COMPOSE = `services:
  web:
    build: .
    env_file: ["env files/.web", kept.env]
    environment: { URL: "\${PUBLIC_URL}", DB_PASSWORD: "\${DB_PASSWORD:?}" }
    secrets: [api-key]
secrets: { api-key: { file: key.txt } }
`;

/** A checkout with the compose file, and what `waggle init` makes of it. */
async function checkout(name: string, remote: string): Promise<string> {
  const root = join(folder, name);
  mkdirSync(join(root, 'env files'), { recursive: true });
  const git = (...argv: readonly string[]) => execFileSync('git', ['-C', root, ...argv]);
  git('init', '--quiet');
  git('remote', 'add', 'origin', remote);
  const files = {
    'compose.yml': COMPOSE,
    'env files/.web': 'A=1\n',
    'kept.env': 'B=1\n',
    '.gitignore': '.web\n',
  };
  for (const [file, text] of Object.entries(files)) writeFileSync(join(root, file), text);
  git('add', '--all');
  await init({ root, ask: async () => undefined, print: () => {} });
  git('add', '--all');
  git('-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '--quiet', '--message', 'init');
  git('clean', '-fdxq');
  return root;
}

const WORKFLOW = '.github/workflows/deploy.yml';

test.each([
  ['git@github.com:me/shop.git', true],
  ['https://github.example.org/me/shop', true],
  ['git@gitlab.com:me/github.git', false],
])('a checkout of %s has a workflow of GitHub: %s', async (remote, has) => {
  expect(existsSync(join(await checkout(`of${remote.length}`, remote), WORKFLOW))).toBe(has);
});

test('the workflow deploys with the variables and secrets that it names, and nothing else', async () => {
  const root = await checkout('runs', 'git@github.com:me/shop.git');
  const text = readFileSync(join(root, WORKFLOW), 'utf8');
  expect(await problems('deploy.yml', text)).toEqual([]);
  const named = (kind: string) => new RegExp(`^# ${kind}: (.*)$`, 'm').exec(text)?.[1]?.split(', ') ?? [];
  const values: Record<string, string> = {
    ...Object.fromEntries(named('Variables').map((name) => [`vars.${name}`, `a-${name.toLowerCase()}`])),
    ...Object.fromEntries(named('Secrets').map((name) => [`secrets.${name}`, `s-${name.toLowerCase()}`])),
    'vars.DEPLOY_SSH_HOST_KEY': `ssh-ed25519 ${'A'.repeat(40)}`,
    'vars.REGISTRY': 'r.test',
    'vars.REGISTRY_NAMESPACE': 'team',
    'secrets.FILE_ENV_FILES_WEB': 'A=from GitHub',
  };
  const asked: string[] = [];
  const fill = (env: Readonly<Record<string, string>> = {}) =>
    Object.entries(env).map(([name, value]) => {
      const lookup = (key: string) => {
        asked.push(key);
        return values[key];
      };
      return [name, fillIn(value, { lookup, hasFailed: false })];
    });
  const { deploy } = parse(text).jobs;
  let environment: Record<string, string> = Object.fromEntries(fill(deploy.env));
  for (const { run = '', env, name } of deploy.steps) {
    const own = { ...environment, ...Object.fromEntries(fill(env)) };
    if (name === 'deploy') environment = own;
    else if (!run.includes('npm')) execFileSync('sh', ['-ec', run], { cwd: root, env: own });
  }
  expect(new Set(asked)).toEqual(new Set(Object.keys(values)));
  const release = await loadRelease({
    secrecy: new Secrecy(),
    root,
    git: readGit(root),
    environment,
    copyExamples: true,
    isOffline: false,
  });
  expect(release.dirty).toBe(false);
  expect(release.document.services?.web?.environment).toMatchObject({
    A: 'from GitHub',
    B: '1',
    URL: 'a-public_url',
    DB_PASSWORD: 's-db_password',
  });
  expect(release.objects[0]?.value?.revealText()).toBe('s-api_key');
});

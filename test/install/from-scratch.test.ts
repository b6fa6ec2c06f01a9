import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { createSampleProject, fillIn, LEFT_OPEN } from '../../scripts/sample-project.ts';
import { FAILURES } from '../../src/shared/errors.ts';
import { shown } from '../lab/shown.ts';
import { cloneCheckout, pathWith, type } from './clone.ts';

/** A clone, and what is packed of it. In order: one installation serves them all. */
const clone = cloneCheckout();
const project = createSampleProject();
const prefix = mkdtempSync(join(tmpdir(), 'waggle-prefix-'));
afterAll(() => {
  for (const folder of [clone, prefix, project.folder]) rmSync(folder, { recursive: true });
});

const NOT_READY = 69;
const AS_SHOWN = shown('DRY_RUN=1 ./.deploy_prod');
const builtAt = () => statSync(join(clone, 'dist/main.cjs')).mtimeMs;

describe('./.deploy_prod in a fresh clone', () => {
  test('says what to do when it cannot be installed', () => {
    const PATH = pathWith(
      join(clone, '.stub'),
      'npm',
      'echo much noise; echo "npm error network" >&2; exit 1',
    );
    const { status, stdout, stderr } = type(AS_SHOWN, clone, { PATH });
    expect(status).toBe(NOT_READY);
    expect(stdout).toBe('');
    expect(stderr).toMatch(
      /^install .*\nerror: .* could not be installed\n {2}much noise\n {2}npm error network\nwhat to do: /,
    );
  });

  test.each([
    ['is not there', 'exit 127'],
    ['is too old', 'echo v18.19.0'],
  ])('says that Node.js is needed when it %s', (_what, script) => {
    const PATH = pathWith(join(clone, '.old'), 'node', script);
    const { status, stderr } = type(AS_SHOWN, clone, { PATH });
    expect(status).toBe(NOT_READY);
    expect(stderr).toContain('Waggle needs Node.js 20 or newer\nwhat to do: ');
  });

  test('installs and builds by itself, says so first, and names what to fill in; from any folder', () => {
    const { status, stdout, stderr } = type(`DRY_RUN=1 ${clone}/.deploy_prod`, '/', {
      NODE_ENV: 'production',
    });
    expect(status, stderr).toBe(FAILURES.CONFIG_INVALID);
    expect(stdout).toMatch(/^FAILED read and validate the configuration \(/);
    expect(stderr).toMatch(/^install .*\nbuild Waggle .*\nerror: the configuration has \d problems\n/);
    for (const file of ['cluster', 'registry', 'prod'])
      expect(stderr).toContain(`deploy/${file}.env: is missing`);
    // Neither it nor a dry run leaves anything in the checkout that git would see.
    expect(type('git status --short', clone).stdout).toBe('?? .old/\n?? .stub/\n');
  });

  test('prints the plan when the files are filled in, and builds nothing again', () => {
    fillIn(clone);
    const before = builtAt();
    const { status, stdout, stderr } = type(AS_SHOWN, clone, LEFT_OPEN);
    expect(status, stderr).toBe(0);
    expect(stdout).toMatch(/^ {2}steps$[\s\S]*deploy the stack/m);
    expect(builtAt()).toBe(before);
  });

  test('is `waggle deploy`: words, variables and exit codes', () => {
    expect(type('./.deploy_prod --help', clone).stdout).toContain('waggle deploy');
    expect(type('./.deploy_prod --nope', clone).status).toBe(FAILURES.USAGE);
    const { status, stderr } = type(AS_SHOWN, clone, { ...LEFT_OPEN, SECRET_KEEP_VERSIONS: 'none' });
    expect(status).toBe(FAILURES.CONFIG_INVALID);
    expect(stderr).toContain('environment: SECRET_KEEP_VERSIONS must be a number');
  });

  test('is built anew when a source is newer, and what cannot be built is said', () => {
    const before = builtAt();
    appendFileSync(join(clone, 'src/main.ts'), '// newer\n');
    expect(type(AS_SHOWN, clone, LEFT_OPEN).status).toBe(0);
    expect(builtAt()).toBeGreaterThan(before);
    appendFileSync(join(clone, 'src/main.ts'), 'const = 1;\n');
    const { status, stdout, stderr } = type(AS_SHOWN, clone, LEFT_OPEN);
    expect([status, stdout]).toEqual([NOT_READY, '']);
    expect(stderr).toMatch(
      /^build Waggle .*\nerror: Waggle could not be built\n[\s\S]*src\/main\.ts:\d+[\s\S]*\nwhat to do: /,
    );
    type('git checkout --quiet src/main.ts', clone);
    expect(type(AS_SHOWN, clone, LEFT_OPEN).status).toBe(0);
  });
});

describe('the package', () => {
  const { version } = JSON.parse(readFileSync(join(clone, 'package.json'), 'utf8')) as { version: string };
  const tarball = join(clone, `waggle-deploy-${version}.tgz`);

  test('holds what runs, and none of what it is made from', () => {
    const { status, stderr } = type('npm pack --silent', clone);
    expect(status, stderr).toBe(0);
    const files = type(`tar -tzf ${tarball}`, clone).stdout.split('\n');
    expect(files).toEqual(expect.arrayContaining(['package/dist/main.cjs', 'package/dist/waggle.cache']));
    const notice = type(`tar -xzOf ${tarball} package/dist/NOTICE`, clone).stdout;
    for (const name of ['ssh2', 'dockerode', 'yaml', 'zod', 'pino', '@noble/ciphers'])
      expect(notice).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\(\\S+\\)$`, 'm'));
    expect(files.filter((file) => /^package\/(src|test|deploy|scripts)\//.test(file))).toEqual([]);
  });

  test('installs into an empty prefix and runs there', () => {
    const install = `npm install --no-audit --no-fund --prefix ${prefix} ${tarball}`;
    const { status, stderr } = type(install, '/');
    expect(status, stderr).toBe(0);
    // Nothing else comes with it, so no install script runs.
    expect(readdirSync(join(prefix, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual([
      'waggle-deploy',
    ]);
    expect(type(shown('npx waggle-deploy --version'), prefix).stdout).toBe(`${version}\n`);
    const plan = type(`${prefix}/node_modules/.bin/waggle plan --offline`, project.folder, project.env);
    expect(plan.status, plan.stderr).toBe(0);
    expect(plan.stdout).toContain('deploy the stack');
  });

  test('is on the PATH when it was installed from a clone', () => {
    const global = join(prefix, 'from-clone');
    const install = shown('./scripts/ensure-built && npm install --global .');
    const { status, stderr } = type(install, clone, { npm_config_prefix: global });
    expect(status, stderr).toBe(0);
    const path = `${global}/bin:${process.env.PATH}`;
    expect(type('waggle --version', '/', { PATH: path }).stdout).toBe(`${version}\n`);
  });

  test('is there by its name when it was installed as the README says', () => {
    const global = join(prefix, 'global');
    const install = shown('npm install --global waggle-deploy', { 'waggle-deploy': tarball });
    const { status, stderr } = type(install, clone, { npm_config_prefix: global });
    expect(status, stderr).toBe(0);
    const plan = type('waggle plan --offline', project.folder, {
      ...project.env,
      PATH: `${global}/bin:${process.env.PATH}`,
    });
    expect(plan.status, plan.stderr).toBe(0);
    expect(plan.stdout).toContain('deploy the stack');
  });
});

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { writeOutcome } from '../../src/cli/views/github.ts';
import { openView } from '../../src/cli/views/open-view.ts';
import { FAILURES } from '../../src/shared/errors.ts';
import { isSensitive } from '../../src/shared/is-sensitive.ts';
import { parseStepFile } from '../lab/github-runner.ts';
import type { Action } from '../lab/github-types.ts';
import { problems } from './lint.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const action = parse(read('action.yml')) as Action;

test('its steps are sound: neither actionlint nor GitHub’s own parser has anything to say', async () => {
  const inputs = Object.fromEntries(Object.keys(action.inputs).map((name) => [name, { type: 'string' }]));
  const steps = (runs: Action['runs']['steps']) =>
    stringify({
      on: { workflow_call: { inputs } },
      jobs: { own: { 'runs-on': 'ubuntu-latest', steps: runs } },
    });
  expect(await problems('action.yml', steps(action.runs.steps))).toEqual([]);
  const wrong = [{ run: 'echo', env: { COMMAND: '${{ inputs.comand }}' } }];
  expect((await problems('action.yml', steps(wrong))).join()).toContain('property "comand" is not defined');
});

test('docs/how-to/github.md documents its inputs and outputs, all of them', () => {
  const [, section = ''] = /^## The action$([\s\S]*?)^## /m.exec(read('docs/how-to/github.md')) ?? [];
  const [inputs = '', outputs = ''] = section.split('| output | meaning |');
  const named = (table: string) => [...table.matchAll(/^\| `([\w-]+)` \|/gm)].map(([, name]) => name);
  expect(named(inputs)).toEqual(Object.keys(action.inputs));
  expect(named(outputs)).toEqual(Object.keys(action.outputs));
});

test('its outputs are what a run gives', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'waggle-action-'));
  const environment = { GITHUB_ACTIONS: 'true', CI: 'true', GITHUB_OUTPUT: join(folder, 'output') };
  const stream = { write: () => true } as unknown as NodeJS.WritableStream;
  const output = { stream, isTerminal: false, colour: false };
  const view = await openView({ isJson: false, command: 'deploy' }, output, environment);
  view.info({ release: 'r1', id: 'v1_20261122040000', changed: true, digests: {}, url: '', summary: '' }, '');
  writeOutcome(0, undefined, environment);
  const given = parseStepFile(readFileSync(join(folder, 'output'), 'utf8'));
  expect(given).toMatchObject({ release: 'r1', tag: 'v1', 'exit-code': '0', digests: '{}' });
  const wanted = Object.entries(action.outputs).map(([name, { value }]) => [
    name,
    value === `\${{ steps.waggle.outputs.${name} }}`,
  ]);
  expect(Object.fromEntries(wanted)).toEqual(
    Object.fromEntries(Object.keys(given).map((name) => [name, true])),
  );
  rmSync(folder, { recursive: true });
});

describe('the command of the action', () => {
  const folder = mkdtempSync(join(tmpdir(), 'waggle-action-'));
  writeFileSync(join(folder, 'waggle'), '#!/bin/sh\nprintf "<%s>" "$@"\nexit 7\n', { mode: 0o755 });
  afterAll(() => rmSync(folder, { recursive: true }));
  const run = (command: string) => {
    writeFileSync(join(folder, 'output'), '');
    const env = {
      PATH: `${folder}:${process.env.PATH}`,
      COMMAND: command,
      GITHUB_OUTPUT: join(folder, 'output'),
    };
    const { status, stdout } = spawnSync(join(ROOT, 'scripts/run-command'), { env, encoding: 'utf8' });
    return { status, stdout, output: readFileSync(join(folder, 'output'), 'utf8') };
  };

  test.each([
    ['deploy', '<deploy>'],
    ['deploy\n--env staging', '<deploy><--env><staging>'],
    ['\ndeploy  --env\tstaging\n\n', '<deploy><--env><staging>'],
    ['deploy \\\n  --env staging\n', '<deploy><--env><staging>'],
    ['lock --reason "moving the database"', '<lock><--reason><moving the database>'],
    [`lock --reason 'it"s' a\\ b`, '<lock><--reason><it"s><a b>'],
    ['deploy --env ""', '<deploy><--env><>'],
    ['logs --grep $HOME;*`id`$(id)', '<logs><--grep><$HOME;*`id`$(id)>'],
    ['exec api -- -n %s', '<exec><api><--><-n><%s>'],
  ])('%j is %s', (command, words) => {
    expect(run(command)).toEqual({ status: 7, stdout: words, output: '' });
  });

  test.each([' ', '\n\n', 'deploy --env "staging', "deploy 'a\nb'"])('%j is a usage error', (command) => {
    const { status, stdout, output } = run(command);
    expect(status).toBe(FAILURES.USAGE);
    expect(stdout).toMatch(/^::error::/);
    expect(stdout).not.toContain('<');
    expect(parseStepFile(output)).toEqual({ 'exit-code': '64' });
  });
});

const masks = (env: Readonly<Record<string, string>>) =>
  execFileSync(join(ROOT, 'scripts/mask-secrets'), {
    env: { PATH: process.env.PATH, ...env },
    encoding: 'utf8',
  })
    .split('\n')
    .filter(Boolean);

test.each<readonly [string, Readonly<Record<string, string>>, readonly string[]]>([
  [
    'a key, line by line',
    { DEPLOY_SSH_PRIVATE_KEY: '-----BEGIN\nhunter2\r\nx\n\nlast\n' },
    ['-----BEGIN', 'hunter2', 'last'],
  ],
  ['a per cent sign, as GitHub wants it', { REGISTRY_TOKEN: 'hunter%2' }, ['hunter%252']],
  ['a secret of the stack', { WAGGLE_SECRET_DB: 'hunter2' }, ['hunter2']],
  ['a secret that is not set', { WAGGLE_SECRET_DB: '' }, []],
  [
    'what is no secret',
    { DEPLOY_SSH_HOST_KEY: 'ssh-ed25519 AAAA', B2_KEY_ID: 'id-of-a-key', STACK_NAME: 'shop' },
    [],
  ],
  [
    'what is in the files of the examples',
    { B2_APP_KEY: 'hunter2', NOTIFY_SLACK_URL: 'https://hunter2' },
    ['hunter2', 'https://hunter2'],
  ],
  [
    'what the examples of other projects call their secrets',
    { DATABASE_URL: 'hunter2-1', SMTP_PASS: 'hunter2-2', SECRET_KEY: 'hunter2-3', DB_PWD: 'hunter2-4' },
    ['hunter2-1', 'hunter2-2', 'hunter2-3', 'hunter2-4'],
  ],
  ['a URL with a password', { ANY: 'redis://:hunter2@cache:6379' }, ['redis://:hunter2@cache:6379']],
])('masked: %s', (_what, env, lines) => {
  expect(masks(env).sort()).toEqual(lines.map((line) => `::add-mask::${line}`).sort());
});

test('what Waggle calls sensitive is masked, and nothing else', () => {
  const words = fc.constantFrom(
    ...'AWS,ACCESS,SECRET,KEY,PUBLIC,HOST,DB,PWD,PASSWORD,TOKEN,URL,ID,SLACK,OLD,2,POSTGRES,PAT,PATH,db,password'.split(
      ',',
    ),
  );
  const value = fc.constantFrom('hunter2', 'a://u:hunter2@h', 'a://hunter2@h', 'x a://:hunter2@h/y');
  const name = fc.array(words, { minLength: 1, maxLength: 4 }).map((parts) => `X_${parts.join('_')}`);
  const all = fc.sample(fc.tuple(name, value), { numRuns: 300, seed: 7 });
  const env = Object.fromEntries(all.map(([key, text], at) => [key, `${text}-${at}`]));
  const expected = Object.entries(env).filter(([key, text]) => isSensitive(key, text));
  expect(expected.length).toBeGreaterThan(50);
  expect(masks(env).sort()).toEqual(expected.map(([, text]) => `::add-mask::${text}`).sort());
});

import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { commands } from '../../src/cli/commands.ts';
import { completeWords } from '../../src/cli/complete-words.ts';
import { SHELLS } from '../../src/cli/completion.ts';
import { MAIN } from './run-waggle.ts';

const project = {
  environments: async () => ['production', 'staging'],
  services: async (name?: string) => (name === 'staging' ? ['web'] : ['api', 'worker']),
};

test.each([
  ['re', ['releases', 'report', 'restart', 'remove']],
  ['help pru', ['prune']],
  ['deploy --on', ['--on-interrupted', '--on-drift']],
  ['deploy --on-drift=o', ['--on-drift=overwrite']],
  ['deploy --on-drift = o', ['overwrite']],
  ['deploy --on-drift =', ['overwrite', 'adopt', 'stop']],
  ['scale --on-interrupted r', ['resume', 'rollback']],
  ['status --env s', ['staging']],
  ['secrets r', ['rotate']],
  ['secrets rotate r', []],
  ['lab --help u', ['up']],
  ['releases ', ['show']],
  ['logs --env staging ', ['web']],
  ['logs --env=staging ', ['web']],
  ['logs --env = staging ', ['web']],
  ['logs api ', ['worker']],
  ['exec api ', []],
  ['scale w', ['worker=']],
  ['--json prune --', ['--help', '--env', '--allow-new-cluster', '--dry-run']],
  ['nothing --', ['--help', '--version']],
  ['constructor x', []],
])('waggle %s<TAB> offers %j', async (line, expected) => {
  expect(await completeWords(line.split(' '), commands, project)).toEqual(expected);
});

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'complete-'));
  mkdirSync(join(folder, 'bin'));
  writeFileSync(join(folder, 'bin/waggle'), `#!/bin/sh\nexec "${process.execPath}" "${MAIN}" "$@"\n`);
  chmodSync(join(folder, 'bin/waggle'), 0o755);
  cpSync(resolve(import.meta.dirname, '../../examples/single-node/deploy'), join(folder, 'deploy'), {
    recursive: true,
  });
  for (const name of ['cluster', 'registry', 'prod'])
    cpSync(join(folder, `deploy/${name}.env.example`), join(folder, `deploy/${name}.env`));
  writeFileSync(join(folder, 'deploy/secrets/session_key.txt'), 'a secret for a test');
  mkdirSync(join(folder, 'deploy/staging'));
  mkdirSync(join(folder, 'deploy/nothing'));
  writeFileSync(join(folder, 'deploy/staging/cluster.env.example'), '');
});

/** How each shell is asked, without a terminal, what it offers for the last word. */
const ASKING = {
  bash: (words: readonly string[]) => [
    `COMP_WORDS=(waggle ${words.map((word) => `'${word}'`).join(' ')})`,
    `COMP_CWORD=${words.length}`,
    '_waggle',
    'printf "%s\\n" "${COMPREPLY[@]}"',
  ],
  zsh: (words: readonly string[]) => [
    `words=(waggle ${words.map((word) => `'${word}'`).join(' ')}); CURRENT=${words.length + 1}`,
    '_waggle',
  ],
  fish: (words: readonly string[]) => [`complete --do-complete 'waggle ${words.join(' ')}'`],
};
const BEFORE = {
  bash: '',
  zsh: 'compdef() { : }; compadd() { while [[ $1 != -- ]]; do shift; done; shift; print -l -- "$@" }; _files() { : }',
  fish: '',
};
const SHELL_NAMES = ['bash', 'zsh', 'fish'] as const;

test.each(
  SHELL_NAMES.flatMap((shell) =>
    [
      [['secrets', 'ro'], ['rotate']],
      [['status', '--env', ''], ['staging']],
      [['restart', 'w'], ['web']],
    ].map(([words = [], expected]) => [shell, words, expected] as const),
  ),
)('%s offers for %j', (shell, words, expected) => {
  if (spawnSync(shell, ['--version']).error) return;
  const script = [BEFORE[shell], SHELLS[shell], ...ASKING[shell](words)].join('\n');
  const env = { ...process.env, HOME: folder, PATH: `${folder}/bin:${process.env.PATH}` };
  const bare = { bash: ['--norc'], zsh: ['-f'], fish: ['--no-config'] }[shell];
  const printed = execFileSync(shell, [...bare, '-c', script], { cwd: folder, env, encoding: 'utf8' });
  expect(printed.split('\n').filter(Boolean)).toEqual(expected);
});

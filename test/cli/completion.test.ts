import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { commands } from '../../src/cli/commands.ts';
import { renderCompletion } from '../../src/cli/completion.ts';

/** What bash offers for the last of these words. */
function offered(...words: readonly string[]): string[] {
  const script = [
    renderCompletion('bash', commands),
    `COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')})`,
    `COMP_CWORD=${words.length - 1}`,
    '_waggle',
    'printf "%s\\n" "${COMPREPLY[@]}"',
  ];
  return execFileSync('bash', ['-c', script.join('\n')], { encoding: 'utf8' })
    .split('\n')
    .filter(Boolean);
}

test('commands, and the flags of the one that is named', () => {
  expect(offered('waggle', 're')).toEqual(['releases', 'report', 'restart', 'remove']);
  expect(offered('waggle', 'help', 'pru')).toEqual(['prune']);
  expect(offered('waggle', 'deploy', '--on')).toEqual(['--on-interrupted', '--on-drift']);
  expect(offered('waggle', '--json', 'prune', '--')).toEqual([
    ...['--help', '--env', '--allow-new-cluster', '--dry-run'],
  ]);
  expect(offered('waggle', 'nothing', '--')).toEqual([]);
});

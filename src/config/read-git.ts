import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { runGit } from '../shared/git.ts';
import type { GitFacts } from './inputs.ts';

/** What git says of a checkout. Writes nothing, not even git's own index; never fails. */
export async function readGit(root: string): Promise<GitFacts> {
  const answers = await Promise.all([
    runGit(root, ['log', '-1', '--no-show-signature', '--format=%H %h']),
    runGit(root, ['status', '--porcelain', '--untracked-files=no']),
    runGit(root, ['ls-files', '-z']),
  ]);
  // What git says only half of is not known to be clean.
  const refusal = answers.find((answer) => answer.refusal !== undefined)?.refusal;
  const [head = '', changes = '', tracked = ''] = answers.map(({ stdout }) => stdout);
  const [commit, sha] = refusal === undefined ? head.trim().split(' ') : [];
  return {
    commit,
    sha,
    dirty: refusal === undefined && changes.trim() !== '',
    refusal,
    isCheckout: refusal === undefined || (await hasCheckout(root)),
    tracked: tracked.split('\0').filter(Boolean),
  };
}

async function hasCheckout(folder: string): Promise<boolean> {
  const found = await stat(join(folder, '.git')).catch(() => undefined);
  const parent = dirname(folder);
  return found !== undefined || (parent !== folder && (await hasCheckout(parent)));
}

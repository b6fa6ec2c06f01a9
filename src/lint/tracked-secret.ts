import { join } from 'node:path';
import { baseOf } from '../config/inputs.ts';
import { CREDENTIALS, namedCredentials, type Rule } from './rule.ts';

export const trackedSecret: Rule = {
  id: 'tracked-secret',
  level: 'error',
  reason: 'everyone who can read the repository, now or later, has the credential',
  summary: ['is tracked by git', 'are tracked by git'],
  find(context) {
    const { inputs } = context.draft;
    const named = new Set(namedCredentials(context).map((file) => join(baseOf(inputs), file)));
    // Elsewhere the same names may mean something else: src/secrets/reader.ts.
    const isCredential = (file: string) => file.startsWith('deploy/') && CREDENTIALS.test(file);
    return inputs.git.tracked
      .filter((file) => isCredential(file) || named.has(file))
      .map((file) => ({
        file,
        subject: file,
        message: 'is tracked by git: run `git rm --cached` on it, ignore it, and change what it holds',
      }));
  },
};

import { CREDENTIALS, type Rule } from './rule.ts';

export const trackedSecret: Rule = {
  id: 'tracked-secret',
  level: 'error',
  reason: 'whoever can read the repository, now or later, has the credential',
  find: ({ draft: { inputs } }) =>
    inputs.git.tracked
      .filter((file) => CREDENTIALS.test(file))
      .map((file) => ({
        file,
        message: 'is tracked by git: run `git rm --cached` on it, ignore it, and change what it holds',
      })),
};

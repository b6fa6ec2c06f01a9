import { CREDENTIALS, type Rule } from './rule.ts';

export const openSecret: Rule = {
  id: 'open-secret',
  level: 'warning',
  reason: 'every user and program of this machine can read the secret',
  find: ({ draft: { inputs } }) =>
    inputs.openFiles
      .filter((file) => CREDENTIALS.test(file))
      .map((file) => ({
        file: `${inputs.folder}/${file}`,
        message: 'can be read by other users: run `chmod 600` on it',
      })),
};

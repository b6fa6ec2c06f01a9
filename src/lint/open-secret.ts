import { join } from 'node:path';
import { baseOf } from '../config/inputs.ts';
import { CREDENTIALS, namedCredentials, type Rule } from './rule.ts';

export const openSecret: Rule = {
  id: 'open-secret',
  level: 'warning',
  reason: 'every user and program of this machine can read the secret',
  summary: ['can be read by other users', 'can be read by other users'],
  find(context) {
    const { values, draft } = context;
    const files = [
      ...draft.inputs.openFiles
        .filter((file) => CREDENTIALS.test(file))
        .map((file) => join(draft.inputs.folder, file)),
      ...namedCredentials(context)
        .filter((file) => values.openFiles.includes(file))
        .map((file) => join(baseOf(draft.inputs), file)),
    ];
    return [...new Set(files)].map((file) => ({
      file,
      subject: file,
      message: 'can be read by other users: run `chmod 600` on it',
    }));
  },
};

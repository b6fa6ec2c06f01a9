import type { Rule } from './rule.ts';

export const emptyOverride: Rule = {
  id: 'empty-override',
  level: 'warning',
  reason: 'a CI secret that is not set arrives as an empty variable, and wins over the value in the file',
  summary: [
    'is hidden by an empty variable in the environment',
    'are hidden by empty variables in the environment',
  ],
  find: ({ draft: { settings, inputs } }) =>
    settings.envFiles.flatMap(({ file, values, lines }) =>
      Object.entries(values)
        .filter(([key, value]) => value !== '' && inputs.environment[key] === '')
        .map(([key]) => ({
          file,
          line: lines[key],
          subject: key,
          message: `${key} is hidden by an empty ${key} in the environment: unset it there`,
        })),
    ),
};

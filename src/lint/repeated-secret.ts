import { join } from 'node:path';
import { baseOf } from '../config/inputs.ts';
import type { Problem } from '../config/problem.ts';
import type { LintContext, Rule } from './rule.ts';

/** Shorter values, and words of letters only, would be found by chance. */
const SHORTEST = 8;
const WORD = /^[a-z]{1,12}$/i;

export const repeatedSecret: Rule = {
  id: 'repeated-secret',
  level: 'warning',
  reason: 'a secret that is also in an env file or the stack file is only as safe as that file',
  summary: ['holds the value of a secret', 'hold values of secrets'],
  find: (context) =>
    Object.entries(context.values.objects)
      .filter(([id]) => id.startsWith('secret/'))
      .flatMap(([id, { value, file }]) =>
        findIn(context, id.slice('secret/'.length), value.revealText().trim(), file),
      ),
};

/** Says where, and never what. */
function findIn(context: LintContext, key: string, value: string, own: string | undefined): Problem[] {
  if (value.length < SHORTEST || WORD.test(value)) return [];
  return Object.entries(textsOf(context))
    .map(([file, text]) => ({ file, text, at: findWhole(text, value) }))
    .filter(({ file, at }) => file !== own && at >= 0)
    .map(({ file, text, at }) => ({
      file,
      subject: file,
      line: text.slice(0, at).split('\n').length,
      message: `holds the value of the secret ${key}: let the service read /run/secrets/${key} instead`,
    }));
}

/** Where the value stands by itself; -1 if it is only a part of longer names. */
function findWhole(text: string, value: string): number {
  const isPart = (sign: string | undefined) => /[\w-]/.test(sign ?? '');
  for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + 1))
    if (!isPart(text[at - 1]) && !isPart(text[at + value.length])) return at;
  return -1;
}

/** All that was read as text, what services take by `env_file:` among it. */
function textsOf({ draft: { inputs }, values }: LintContext): Readonly<Record<string, string>> {
  const under = (folder: string, texts: Readonly<Record<string, string>>) =>
    Object.entries(texts).map(([file, text]) => [join(folder, file), text] as const);
  return Object.fromEntries([...under(inputs.folder, inputs.texts), ...under(baseOf(inputs), values.texts)]);
}

import { join } from 'node:path';
import { baseOf } from '../config/inputs.ts';
import type { Problem } from '../config/problem.ts';
import type { LintScene, Rule } from './rule.ts';

/** Shorter values, and words of letters only, would be found by chance. */
const SHORTEST = 8;
const WORD = /^[a-z]{1,12}$/i;

export const repeatedSecret: Rule = {
  id: 'repeated-secret',
  level: 'warning',
  reason: 'a secret that is also in an env file or the stack file is only as safe as that file',
  summary: ['holds the value of a secret', 'hold values of secrets'],
  find: (scene) =>
    Object.entries(scene.values.objects)
      .filter(([id]) => id.startsWith('secret/'))
      .flatMap(([id, { value, file }]) =>
        findIn(scene, id.slice('secret/'.length), value.revealText().trim(), file),
      ),
};

/** Says where, and never what. */
function findIn(scene: LintScene, key: string, value: string, own: string | undefined): Problem[] {
  if (value.length < SHORTEST || WORD.test(value)) return [];
  return Object.entries(textsOf(scene))
    .filter(([file, text]) => file !== own && text.includes(value))
    .map(([file, text]) => ({
      file,
      subject: file,
      line: text.slice(0, text.indexOf(value)).split('\n').length,
      message: `holds the value of the secret ${key}: let the service read /run/secrets/${key} instead`,
    }));
}

/** All that was read as text, what services take by `env_file:` among it. */
function textsOf({ draft: { inputs }, values }: LintScene): Readonly<Record<string, string>> {
  const under = (folder: string, texts: Readonly<Record<string, string>>) =>
    Object.entries(texts).map(([file, text]) => [join(folder, file), text] as const);
  return Object.fromEntries([...under(inputs.folder, inputs.texts), ...under(baseOf(inputs), values.texts)]);
}

import type { Problem } from '../config/problem.ts';
import type { LintScene, Rule } from './rule.ts';

/** Shorter values would be found by chance. */
const SHORTEST = 8;

export const repeatedSecret: Rule = {
  id: 'repeated-secret',
  level: 'error',
  reason: 'a secret that also stands in an env file or the stack file is as safe as that file',
  find: (scene) =>
    Object.entries(scene.values.objects)
      .filter(([id]) => id.startsWith('secret/'))
      .flatMap(([id, { value, from }]) =>
        findIn(scene, id.slice('secret/'.length), value.revealText().trim(), from),
      ),
};

/** Says where, and never what. */
function findIn({ draft: { inputs } }: LintScene, key: string, value: string, from: string): Problem[] {
  if (value.length < SHORTEST) return [];
  return Object.entries(inputs.texts)
    .filter(([file, text]) => file !== from && text.includes(value))
    .map(([file, text]) => ({
      file: `${inputs.folder}/${file}`,
      line: text.slice(0, text.indexOf(value)).split('\n').length,
      message: `holds the value of the secret ${key}: let the service read /run/secrets/${key} instead`,
    }));
}

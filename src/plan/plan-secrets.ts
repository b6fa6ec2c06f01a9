import type { SecretFile } from '../config/inputs.ts';
import type { Problem } from '../config/problem.ts';
import type { StackDocument } from '../config/stack-document.ts';
import type { VersionedSecret } from './release.ts';
import { planSecretName } from './release-name.ts';

/** Docker's limits: moby refuses the rest only after half of a deploy is done. */
const LONGEST_NAME = 64;
const MOST_BYTES = 511_999;

/** One new version for each secret file that the stack uses. */
export function planSecrets(
  files: readonly SecretFile[],
  document: StackDocument,
  stack: string,
  deployId: string,
): readonly VersionedSecret[] {
  const used = new Set(
    Object.entries(document.secrets ?? {}).map(
      ([key, secret]) => secret?.name ?? (typeof secret?.external === 'object' ? secret.external.name : key),
    ),
  );
  return files
    .map(({ key, value }) => ({ key, value, name: planSecretName(stack, key, deployId) }))
    .filter(({ name }) => used.has(name));
}

export function judgeSecretFiles(
  files: readonly SecretFile[],
  folder: string,
  nameOf: (key: string) => string,
): readonly Problem[] {
  return files.flatMap(({ file, key, value, isExample }) => {
    const message =
      (isExample && 'still holds the text of its .example: put the real value in') ||
      (value.bytes === 0 && 'is empty: Docker takes no empty secret') ||
      (value.bytes > MOST_BYTES && `has ${value.bytes} bytes: Docker takes at most ${MOST_BYTES}`) ||
      (!/^[\w.-]+$/.test(key) && 'has a name that Docker does not take: use letters, digits, _ . and -') ||
      (nameOf(key).length > LONGEST_NAME &&
        `would be the secret ${nameOf(key)}, longer than the ${LONGEST_NAME} characters Docker allows: shorten the file name, STACK_NAME or DEPLOY_TAG`);
    return message ? [{ file: `${folder}/${file}`, message }] : [];
  });
}

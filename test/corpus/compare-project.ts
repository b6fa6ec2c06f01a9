import { isDeepStrictEqual } from 'node:util';
import { NO_FILE } from '../../src/config/inputs.ts';
import { planned } from '../fakes/inputs.ts';
import type { Answer, Asked } from './ask-compose.ts';
import { isExplained, PROJECT_DIFFERENCES } from './compose-differences.ts';
import type { Project } from './generate-project.ts';
import { type Map_, meaningOf } from './stack-meaning.ts';

/** What a project of several files means to Waggle and to compose, in a form that both can be brought to. */

export type Meaning = { readonly stack: Map_ } | { readonly refused: readonly string[] };

export const askProject = ({ texts, profiles }: Project): Asked => ({
  texts,
  argv: ['-f', 'stack.yml', '--env-file', 'prod.env', 'config', '--format', 'json'],
  env: { COMPOSE_PROFILES: profiles },
});

export function planProject({ texts, profiles }: Project): Meaning {
  try {
    const change = { environment: { COMPOSE_PROFILES: profiles }, unread: { 'missing.yml': NO_FILE } };
    const { draft, release } = planned(change, texts, { objects: { s: 'x', c: 'y' }, texts });
    const { document } = release();
    const files = (kind: string) =>
      Object.fromEntries(
        draft.objects.flatMap((one) =>
          one.kind === kind && 'file' in one.wanted ? [[one.key, { file: one.wanted.file }]] : [],
        ),
      );
    return { stack: meaningOf({ ...document, secrets: files('secret'), configs: files('config') }) };
  } catch (error) {
    return { refused: (error as { details?: readonly string[] }).details ?? [`BUG ${String(error)}`] };
  }
}

export function readProject(answer: Answer): Meaning {
  if ('refused' in answer) return { refused: [answer.refused] };
  const document = JSON.parse(answer.printed.replaceAll('$$', '$')) as Map_;
  return { stack: meaningOf(document) };
}

/** What is wrong with two meanings of a project; `undefined` if they agree or the difference is documented. */
export function judgeMeanings(waggle: Meaning, compose: Meaning): string | undefined {
  if ('refused' in waggle) {
    if ('refused' in compose) return undefined;
    const open = waggle.refused.filter((said) => !isExplained(PROJECT_DIFFERENCES, 'refused', said));
    return open.length > 0 ? `only Waggle refuses it: ${open.join('; ')}` : undefined;
  }
  if ('refused' in compose)
    return compose.refused.every((said) => isExplained(PROJECT_DIFFERENCES, 'refusedByClient', said))
      ? undefined
      : `only compose refuses it: ${compose.refused.join('; ')}`;
  return isDeepStrictEqual(waggle.stack, compose.stack)
    ? undefined
    : `it means something else: ${differing(waggle.stack, compose.stack).join('; ')}`;
}

/** Where two values differ. */
export function differing(one: unknown, other: unknown, path = ''): readonly string[] {
  if (isDeepStrictEqual(one, other)) return [];
  const areMaps = [one, other].every(
    (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  );
  if (!areMaps) return [`${path}: Waggle ${JSON.stringify(one)}, compose ${JSON.stringify(other)}`];
  const [a, b] = [one as Map_, other as Map_];
  return Object.keys({ ...a, ...b }).flatMap((key) => differing(a[key], b[key], `${path}.${key}`));
}

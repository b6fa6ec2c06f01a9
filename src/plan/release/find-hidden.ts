import type { EnvFile } from '../../config/parse-env.ts';
import type { StackDocument } from '../../config/stack-document.ts';
import { isSensitive } from '../../shared/is-sensitive.ts';
import type { HiddenValue } from '../../shared/mask.ts';
import { Secret } from '../../shared/secret.ts';
import type { Draft, Values } from './draft.ts';
import type { ValidStack } from './plan-release.ts';

/** Every value that a run with these files must not show. */
export function findHidden(
  { settings }: Draft,
  values: Values,
  { sensitive }: ValidStack,
): readonly HiddenValue[] {
  const read = Object.entries(values.objects).flatMap(([id, { value }]) =>
    id.startsWith('secret/') ? value : [],
  );
  const logins = settings.cluster?.DEPLOY_HEALTHCHECK_URL.flatMap(({ login }) => login ?? []) ?? [];
  const passwords = logins.map((login) => new Secret(login.revealText().replace(/^[^:]*:/, '')));
  const set = Object.values(settings.cluster ?? {}).filter((value) => value instanceof Secret);
  return [
    ...settings.envFiles.flatMap(tellingOf),
    ...[...read, ...logins, ...passwords, ...set].map((value) => ({ value, isTelling: true })),
    ...hiddenOf(sensitive),
  ];
}

/** Of variables by their names. */
export function hiddenOf(variables: Readonly<Record<string, Secret>>): readonly HiddenValue[] {
  return Object.entries(variables).map(([name, value]) => ({
    value,
    isTelling: isSensitive(name, value.revealText()),
  }));
}

/** Also where a setting is wrong, so that there are none. */
function tellingOf({ values }: EnvFile): readonly HiddenValue[] {
  const entries = Object.entries(values).map(([name, value]) => [name, new Secret(value)] as const);
  return hiddenOf(Object.fromEntries(entries)).filter(({ isTelling }) => isTelling);
}

const SECTIONS = ['services', 'networks', 'volumes', 'secrets', 'configs'] as const;

/** What the stack calls its parts, and settings: words that everybody may read. */
export function publicNames(
  { stack, settings: { envFiles } }: Draft,
  { document }: ValidStack,
): ReadonlySet<string> {
  const keys = SECTIONS.flatMap((section) => Object.keys((document as StackDocument)[section] ?? {}));
  const images = Object.values(document.services ?? {}).flatMap(({ image = '' }) => [
    image,
    ...image.split(/[/:@]/),
  ]);
  const [, ...shown] = envFiles;
  const settings = shown
    .flatMap(({ values }) => Object.entries(values))
    .filter(([name, value]) => !isSensitive(name, value))
    .flatMap(([, value]) => [value, ...value.split(/[\s,:/@=]+/)]);
  return new Set([stack, ...keys, ...images, ...settings]);
}

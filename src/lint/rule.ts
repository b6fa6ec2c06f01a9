import { relative } from 'node:path';
import { baseOf, COMMANDS_FILE, ENV_FILES, textOf } from '../config/inputs.ts';
import { parseEnv } from '../config/parse-env.ts';
import type { Path } from '../config/positions.ts';
import type { Problem } from '../config/problem.ts';
import type { StackDocument, StackHealthcheck, StackService } from '../config/stack-document.ts';
import type { Draft, Values } from '../plan/release/draft.ts';
import { isSensitive } from '../shared/is-sensitive.ts';

/** What hurts in production though it is valid. Looks at plain data only. */
export interface Rule {
  /** As `# waggle-ignore <id>` and DEPLOYING.md name it. */
  readonly id: string;
  /** An error stops the deploy, a warning is said. */
  readonly level: 'error' | 'warning';
  /** Why it hurts, in one sentence. */
  readonly reason: string;
  /** What follows the names of one subject, and of several, where a line stands for all findings. */
  readonly summary: readonly [one: string, many: string];
  find(context: LintContext): readonly Problem[];
}

/** Files of a deploy folder that hold credentials in clear. Examples and encrypted files do not. */
export const CREDENTIALS =
  /(^|\/)((cluster|registry|prod)\.env|secrets\/(?!.*\.(example|age)$|\.git(keep|ignore)$)[^/]+)$/;

export interface LintContext {
  readonly draft: Draft;
  readonly values: Values;
  /** Empty when the stack file has problems of its own. */
  readonly document: StackDocument;
}

export interface ServiceView {
  readonly name: string;
  readonly service: StackService;
  /** Where a key of the service stands; the message begins with the service and the key. */
  at(path: Path, message: string): Problem;
}

export function servicesOf({ draft, document }: LintContext): readonly ServiceView[] {
  return Object.entries(document.services ?? {}).map(([name, service]) => ({
    name,
    service,
    at: (path, message) => {
      const whole = ['services', name, ...path];
      return { ...draft.positions.locate(whole), message: `${whole.join('.')} ${message}`, subject: name };
    },
  }));
}

/** Each setting of the env files, as far as the environment does not override it, with its place. */
export function settingsOf({
  draft,
}: LintContext): readonly { key: string; value: string; file: string; at(message: string): Problem }[] {
  return draft.settings.envFiles.flatMap(({ file, values, lines }) =>
    Object.entries(values)
      .filter(([key]) => !Object.hasOwn(draft.inputs.environment, key))
      .map(([key, value]) => ({
        key,
        value,
        file,
        at: (message: string) => ({ file, line: lines[key], message: `${key} ${message}`, subject: key }),
      })),
  );
}

const NO_STACK_FILES: readonly string[] = [...ENV_FILES, COMMANDS_FILE];

/** Whether a stack file, or a file that it names, has the name of the variable, in an inactive service as well. */
export function usesVariable({ draft: { inputs }, values }: LintContext, name: string): boolean {
  const ofStack = Object.keys(inputs.texts).filter((file) => !NO_STACK_FILES.includes(file));
  const texts = [...ofStack.map((file) => inputs.texts[file]), ...Object.values(values.texts)];
  return texts.some((text) => new RegExp(`(?<!\\w)${name.replaceAll('.', '\\.')}(?!\\w)`).test(text ?? ''));
}

/** What a service is told, after all substitution. */
export function variableOf({ service }: ServiceView, name: string): string | undefined {
  const value = service.environment?.[name];
  return value === undefined || value === null ? undefined : String(value);
}

/** Where a variable is set to what it should not be: in an env file, else in what a service is told. */
export function findVariable(
  context: LintContext,
  name: string,
  isBad: (value: string) => boolean,
  message: string,
): readonly Problem[] {
  const set = settingsOf(context).filter(({ key, value }) => key === name && isBad(value));
  if (set.length > 0) return set.map(({ at }) => at(message));
  return servicesOf(context)
    .filter((view) => isBad(variableOf(view, name) ?? ''))
    .map(({ at }) => at(['environment', name], message));
}

/** Two ways to say that there is none, of the image neither. */
export function isOff({ disable, test }: StackHealthcheck): boolean {
  return disable === true || (Array.isArray(test) && test[0] === 'NONE');
}

/**
 * The same of files that the stack names, wherever they are: of secrets, also those of inactive services, and env files
 * with a sensitive value. From the folder of the stack file.
 */
export function namedCredentials({ draft, values }: LintContext): readonly string[] {
  const ofSecrets = [...draft.objects, ...draft.declared].flatMap(({ kind, wanted }) =>
    kind === 'secret' && 'file' in wanted && !/\.(age|example)$/.test(wanted.file) ? wanted.file : [],
  );
  const ofServices = Object.keys(values.texts).filter((file) =>
    Object.entries(parseEnv(file, textOf(values.texts, file) ?? '').values).some(
      ([name, value]) => value !== '' && isSensitive(name, value),
    ),
  );
  const ofIncludes = draft.told
    .filter(({ name, value }) => value !== '' && isSensitive(name, value))
    .map(({ file }) => relative(baseOf(draft.inputs), file));
  return [...new Set([...ofSecrets, ...ofServices, ...ofIncludes])];
}

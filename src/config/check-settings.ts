import type * as z from 'zod';
import type { EnvFile } from './parse-env.ts';
import type { Problem } from './problem.ts';

export interface Checked<Settings> {
  /** undefined when there are problems. */
  readonly settings: Settings | undefined;
  readonly problems: readonly Problem[];
}

/** What an unset secret or variable looks like in a workflow that passes it on. */
const ARRIVES_EMPTY = 'is empty: a secret or variable of CI that is not set arrives so';
const inEnvironment = (key: string, message: string): Problem => ({
  file: `${key} in the environment`,
  message,
});
/** Empty it means nothing: whoever wants the keys of the machine leaves the variable out. */
const NEVER_EMPTY = ['DEPLOY_SSH_PRIVATE_KEY'] as const;

/** Checks an env file, overridden by the process's environment, against its schema. */
export function checkSettings<Settings>(
  { file, values, lines, problems: ownProblems }: EnvFile,
  environment: Readonly<Record<string, string>>,
  schema: z.ZodType<Settings>,
): Checked<Settings> {
  const result = schema.safeParse({ ...values, ...environment });
  const problems = (result.error?.issues ?? []).map((issue): Problem => {
    const key = String(issue.path[0]);
    if (environment[key] === '') return inEnvironment(key, ARRIVES_EMPTY);
    if (Object.hasOwn(environment, key)) return inEnvironment(key, issue.message);
    const what = Object.hasOwn(values, key) ? issue.message : 'is missing';
    return { file, line: lines[key], message: `${key} ${what}` };
  });
  return { settings: result.data, problems: [...ownProblems, ...problems] };
}

/** Of a workflow's secrets those that are not set, and would be missed only when the cluster is asked. */
export function judgeUnset(environment: Readonly<Record<string, string>>): readonly Problem[] {
  return NEVER_EMPTY.filter((key) => environment[key] === '').map((key) => inEnvironment(key, ARRIVES_EMPTY));
}

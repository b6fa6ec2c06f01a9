import type * as z from 'zod';
import type { EnvFile } from './parse-env.ts';
import type { Problem } from './problem.ts';

export interface CheckedSettings<Settings> {
  /** undefined when there are problems. */
  readonly settings: Settings | undefined;
  readonly problems: readonly Problem[];
}

/** Checks an env file, overridden by the process's environment, against its schema. */
export function checkSettings<Settings>(
  env: EnvFile,
  environment: Readonly<Record<string, string>>,
  schema: z.ZodType<Settings>,
): CheckedSettings<Settings> {
  const result = schema.safeParse({ ...env.values, ...environment });
  const issues = new Map(
    (result.error?.issues ?? []).toReversed().map((issue) => [String(issue.path[0]), issue]),
  );
  const problems = [...issues.values()].toReversed().map((issue) => {
    const key = String(issue.path[0]);
    if (Object.hasOwn(environment, key)) return blameEnvironment(env, environment, key, issue.message);
    const message = `${key} ${Object.hasOwn(env.values, key) ? issue.message : 'is missing'}`;
    return { file: env.file, line: env.lines[key], message };
  });
  return { settings: result.data, problems: [...env.problems, ...problems] };
}

/** What an unset secret or variable looks like in a workflow that passes it on. */
const ARRIVES_EMPTY = 'is empty there, as a CI secret is that is not set';

/** A variable of the environment wins over a good line of the file, so that line is not what is wrong. */
export function blameEnvironment(
  { file, values, lines }: EnvFile,
  environment: Readonly<Record<string, string>>,
  key: string,
  message: string,
): Problem {
  const over = Object.hasOwn(values, key) ? `, and wins over ${file}:${lines[key]}` : '';
  const why = environment[key] === '' ? ARRIVES_EMPTY : 'is set there';
  return { file: 'environment', message: `${key} ${message}: it ${why}${over}` };
}

/** Empty it means nothing: whoever wants the keys of the machine leaves the variable out. */
const NEVER_EMPTY = ['DEPLOY_SSH_PRIVATE_KEY'] as const;

/** Of a workflow's secrets those that are not set, and would be missed only when the cluster is asked. */
export function judgeUnset(environment: Readonly<Record<string, string>>): readonly Problem[] {
  const unset = NEVER_EMPTY.filter((key) => environment[key] === '');
  return unset.map((key) => ({ file: 'environment', message: `${key} ${ARRIVES_EMPTY}` }));
}

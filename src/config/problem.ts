import { DeployError } from '../shared/errors.ts';

/** One thing that is wrong with the operator's files. Never holds a value that may be secret. */
export interface Problem {
  readonly file: string;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  readonly message: string;
  /** Id of the rule that a comment `# waggle-ignore <id>` silences; absent if Docker refuses it too. */
  readonly rule?: string;
}

/** What a rule found. An error stops the deploy. */
export interface Finding extends Problem {
  readonly rule: string;
  readonly level: 'error' | 'warning';
}

export function renderProblem({ file, line, column, message, rule }: Problem): string {
  const place = [file, line, column].filter((part) => part !== undefined).join(':');
  return `${place}: ${message}${rule ? ` [${rule}]` : ''}`;
}

/** All problems at once, so that one run is enough to find them. */
export function configInvalid(problems: readonly string[]): DeployError {
  const count = problems.length === 1 ? 'one problem' : `${problems.length} problems`;
  return new DeployError('CONFIG_INVALID', `the configuration has ${count}`, {
    details: problems,
    hint: 'nothing was touched; correct the lines above and run again',
  });
}

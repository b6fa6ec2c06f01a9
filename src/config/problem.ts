import { DeployError } from '../shared/errors.ts';

/** One thing that is wrong with the operator's files. Never holds a value that may be secret. */
export interface Problem {
  readonly file: string;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  readonly message: string;
}

/** What a rule found. An error stops the deploy, a warning is said; a comment in the file silences either. */
export interface Finding extends Problem {
  /** Id of the rule, as `# waggle-ignore <id>` names it. */
  readonly rule: string;
  readonly level: 'error' | 'warning';
}

export function renderProblem({ file, line, column, message }: Problem): string {
  return `${[file, line, column].filter((part) => part !== undefined).join(':')}: ${message}`;
}

export function renderFinding(finding: Finding): string {
  return `${renderProblem(finding)} [${finding.rule}]`;
}

/** All problems at once, so that one run is enough to find them. */
export function configInvalid(problems: readonly string[]): DeployError {
  const count = problems.length === 1 ? 'one problem' : `${problems.length} problems`;
  return new DeployError('CONFIG_INVALID', `the configuration has ${count}`, {
    details: problems,
    hint: 'nothing was touched; correct the lines above and run again',
  });
}

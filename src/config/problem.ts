import { DeployError } from '../shared/errors.ts';
import type { Path } from './positions.ts';

/** One thing that is wrong with the operator's files. Never holds a value that may be secret. */
export interface Problem {
  readonly file: string;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  readonly message: string;
  /** Keys from the top of the stack file to what is wrong. */
  readonly path?: Path;
  /** Id of the rule that a comment `# waggle-ignore <id>` silences; absent if Docker refuses it too. */
  readonly rule?: string;
  /** The service, setting or file that it is about. */
  readonly subject?: string;
}

/** What a rule found. An error stops the deploy. */
export interface Finding extends Problem {
  readonly rule: string;
  readonly level: 'error' | 'warning';
  /** What follows the names of one subject, and of several: `has no health check`, `have no health check`. */
  readonly summary?: readonly [one: string, many: string] | undefined;
}

/** `deploy/stack.yml:3:5`. */
export const renderPlace = ({ file, line, column }: Problem) =>
  [file, line, column].filter((part) => part !== undefined).join(':');

export function renderProblem(problem: Problem): string {
  return `${renderPlace(problem)}: ${problem.message}${problem.rule ? ` [${problem.rule}]` : ''}`;
}

const hasRule = (problem: string) => / \[[a-z-]+\]$/.test(problem);

/** How to accept what a rule found. */
export const SILENCING =
  'To accept what a rule finds, write `# waggle-ignore <rule>: why` above the line, or at the top of the file';

/** All problems at once, so that one run is enough to find them. */
export function configInvalid(problems: readonly string[]): DeployError {
  const count = problems.length === 1 ? 'one problem' : `${problems.length} problems`;
  return new DeployError('CONFIG_INVALID', `the configuration has ${count}`, {
    details: problems,
    hint: `nothing was touched; correct the lines above and run again${problems.some(hasRule) ? `. ${SILENCING}` : ''}`,
  });
}

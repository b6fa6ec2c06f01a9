import { DeployError } from '../shared/errors.ts';

/** One thing that is wrong with the operator's files. Never holds a value that may be secret. */
export interface Problem {
  readonly file: string;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  readonly message: string;
}

export function renderProblem({ file, line, column, message }: Problem): string {
  return `${[file, line, column].filter((part) => part !== undefined).join(':')}: ${message}`;
}

/** All problems at once, so that one run is enough to find them. */
export function configInvalid(problems: readonly Problem[]): DeployError {
  const count = problems.length === 1 ? 'one problem' : `${problems.length} problems`;
  return new DeployError('CONFIG_INVALID', `the configuration has ${count}`, {
    details: problems.map(renderProblem),
    hint: 'nothing was touched; correct the lines above and run again',
  });
}

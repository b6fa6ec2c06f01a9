import { DeployError, FAILURES, messageOf } from '../shared/errors.ts';

export interface ShownFailure {
  readonly text: string;
  readonly exitCode: number;
}

/** What went wrong, what was seen, what to do. Only a bug of ours shows a stack. */
export function describeFailure(thrown: unknown): ShownFailure {
  const error = isAborted(thrown) ? thrown.cause : thrown;
  if (!(error instanceof DeployError)) {
    const stack = error instanceof Error ? error.stack : messageOf(error);
    return { text: `this is a bug in waggle, please report it: ${stack}`, exitCode: FAILURES.INTERNAL };
  }
  const exitCode = FAILURES[error.code];
  const details = error.details.map((line) => `  ${line}`);
  const hint = error.hint ? [`what to do: ${error.hint}`] : [];
  const text = [`error: ${error.message}`, ...details, ...hint, `exit code ${exitCode} (${error.code})`].join(
    '\n',
  );
  return { text, exitCode };
}

/** What was waited for was given up, for the reason that it carries. */
function isAborted(error: unknown): error is Error {
  return error instanceof Error && error.name === 'AbortError' && error.cause instanceof DeployError;
}

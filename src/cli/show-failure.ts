import { DeployError, FAILURES, type FailureCode, messageOf } from '../shared/errors.ts';

export interface ShownFailure {
  readonly text: string;
  readonly exitCode: number;
  /** What `--json` prints in place of a result. */
  readonly document: {
    readonly error: {
      readonly code: FailureCode;
      readonly exitCode: number;
      readonly message: string;
      readonly details: readonly string[];
      readonly hint?: string;
    };
  };
}

/** What failed, what was seen, what to do. Only a bug in Waggle shows a stack. */
export function describeFailure(thrown: unknown): ShownFailure {
  const error = isAborted(thrown) ? thrown.cause : thrown;
  if (!(error instanceof DeployError)) {
    const stack = error instanceof Error ? error.stack : messageOf(error);
    const message = `this is a bug in waggle, please report it: ${stack}`;
    return { text: message, ...statusOf('INTERNAL', { message, details: [] }) };
  }
  const { code, message, details, hint } = error;
  const status = statusOf(code, { message, details, ...(hint && { hint }) });
  const text = [
    `error: ${message}`,
    ...details.map((line) => `  ${line}`),
    ...(hint ? [`what to do: ${hint}`] : []),
    `exit code ${status.exitCode} (${code})`,
  ].join('\n');
  return { text, ...status };
}

function statusOf(code: FailureCode, said: Omit<ShownFailure['document']['error'], 'code' | 'exitCode'>) {
  const exitCode = FAILURES[code];
  return { exitCode, document: { error: { code, exitCode, ...said } } };
}

/** What was waited for was given up, for the reason that it carries. */
function isAborted(error: unknown): error is Error {
  return error instanceof Error && error.name === 'AbortError' && error.cause instanceof DeployError;
}

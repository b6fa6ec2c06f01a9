import { DeployError, type FailureCode, messageOf } from '../shared/errors.ts';

/** What dockerode throws: a status and Docker's own words, or neither when there was no answer. */
type DockerError = Error & { statusCode?: number; json?: { message?: string } };

/** Waits for an answer of Docker's; says what was asked for when there is none. */
export async function ask<T>(
  what: string,
  asking: Promise<T>,
  code: FailureCode = 'DEPLOY_FAILED',
): Promise<T> {
  return asking.catch((error: DockerError) => {
    throw failed(what, error, code);
  });
}

/** Removing what is not there has succeeded. */
export async function gone(what: string, removing: Promise<unknown>): Promise<void> {
  await removing.catch((error: DockerError) => {
    if (error.statusCode !== 404) throw failed(what, error);
  });
}

export function failed(what: string, error: DockerError, code: FailureCode = 'DEPLOY_FAILED'): DeployError {
  if (error instanceof DeployError) return error;
  const reason = error.json?.message ?? messageOf(error);
  const failure = error.statusCode === undefined ? 'UNREACHABLE' : code;
  return new DeployError(failure, `the manager could not ${what}: ${reason}`, { cause: error });
}

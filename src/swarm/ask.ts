import { ConnectionLost, DeployError, type FailureCode, messageOf } from '../shared/errors.ts';
import { retryOnDisconnect } from '../shared/retry-on-disconnect.ts';
import { explainQuorum } from './explain-quorum.ts';

/** What dockerode throws: a status and Docker's own words, or neither when there was no answer. */
type DockerError = Error & { statusCode?: number; json?: { message?: string } };

/** Waits for an answer of Docker's, asking again when the connection drops; says what was asked for when there is none. */
export async function ask<T>(
  what: string,
  asking: () => Promise<T>,
  code: FailureCode = 'DEPLOY_FAILED',
): Promise<T> {
  return retryOnDisconnect(() =>
    asking().catch((error: DockerError) => {
      throw failed(what, error, code);
    }),
  );
}

/** Removing what is not there has succeeded. */
export async function removeIfPresent(what: string, removing: () => Promise<unknown>): Promise<void> {
  await ask(what, () =>
    removing().catch((error: DockerError) => {
      if (error.statusCode !== 404) throw error;
    }),
  );
}

/** For `catch`: undefined, where what was asked for is not there. */
export function undefinedIfMissing(error: DockerError): undefined {
  if (error.statusCode === 404) return undefined;
  throw error;
}

export function failed(what: string, error: DockerError, code: FailureCode = 'DEPLOY_FAILED'): DeployError {
  if (error instanceof DeployError) return error;
  const said = error.json?.message ?? messageOf(error);
  const message = `the manager could not ${what}: ${explainQuorum(said) ?? said}`;
  return error.statusCode === undefined
    ? new ConnectionLost(message, { cause: error })
    : new DeployError(code, message, { cause: error });
}

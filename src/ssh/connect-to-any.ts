import type { Destination } from '../shared/destination.ts';
import { DeployError } from '../shared/errors.ts';
import type { Shell } from '../shared/shell.ts';
import { type Credentials, connect } from './connect.ts';
import { beginOn, type Connection } from './connection.ts';
import { HostKeyRefused } from './host-key.ts';
import { readRoute } from './read-route.ts';

export interface SshTarget extends Credentials {
  /** Any one will do; they are tried in this order. */
  readonly managers: readonly Destination[];
  /** Says what went wrong and was passed over. */
  readonly warn: (text: string) => void;
}

/**
 * The first manager that can be reached. One that shows another key than the known one ends it: somebody may be in
 * between, and nobody would look.
 */
export async function connectToAny(target: SshTarget, shell: Shell): Promise<Connection> {
  const failures: DeployError[] = [];
  for (const manager of target.managers) {
    try {
      const connection = await connectToOne(manager, target, shell);
      const unknown = failures.filter((failure) => failure instanceof HostKeyRefused);
      for (const { message, hint } of unknown) target.warn(`${message}: passed over; ${hint}`);
      return connection;
    } catch (error) {
      if (!isPassedOver(error)) throw error;
      failures.push(error);
    }
  }
  const [only, ...others] = failures;
  if (only && others.length === 0) throw only;
  const advice = only?.hint ?? 'check DEPLOY_MANAGER_HOST';
  throw new DeployError('UNREACHABLE', `none of the ${failures.length} managers can be reached`, {
    details: failures.flatMap(({ message, details, hint = advice }) => [
      message,
      ...[...details, ...(hint === advice ? [] : [hint])].map((line) => `  ${line}`),
    ]),
    hint: advice,
  });
}

async function connectToOne(manager: Destination, target: SshTarget, shell: Shell): Promise<Connection> {
  const client = await connect(await readRoute(manager, shell, target.warn), target);
  return beginOn(manager, client);
}

function isPassedOver(error: unknown): error is DeployError {
  if (error instanceof HostKeyRefused) return error.isUnknown;
  return error instanceof DeployError && error.code === 'UNREACHABLE';
}

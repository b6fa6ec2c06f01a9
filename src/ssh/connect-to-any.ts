import type { Duplex } from 'node:stream';
import type { Destination } from '../shared/destination.ts';
import { DeployError, type FailureCode } from '../shared/errors.ts';
import type { Shell } from '../shared/shell.ts';
import type { Remote } from '../shared/tools.ts';
import { isRefusal } from './channels.ts';
import { type Credentials, connect } from './connect.ts';
import { type Connection, openConnection, openSocketOn, runOn } from './connection.ts';
import { explainSocket } from './explain-socket.ts';
import { HostKeyRefused } from './host-key.ts';
import { readRoute } from './read-route.ts';

export interface SshTarget extends Credentials {
  /** Any one will do; they are tried in this order. */
  readonly managers: readonly Destination[];
  /** Throws when a manager that was reached may not serve: the next one is then tried. */
  readonly admit?: ((candidate: Candidate) => Promise<void>) | undefined;
  /** Says what went wrong and was passed over. */
  readonly warn: (text: string) => void;
}

export interface Candidate {
  readonly name: string;
  /** Opens a stream to a Unix socket there. */
  openSocket(path: string): Promise<Duplex>;
}

/** A manager that was reached and does not serve. */
class NotAdmitted extends DeployError {}

/**
 * The first manager that can be reached and is admitted. One that shows another key than the known one ends it: somebody may be in
 * between, and nobody would look.
 */
export async function connectToAny(target: SshTarget, shell: Shell): Promise<Connection> {
  const failures: DeployError[] = [];
  for (const manager of target.managers) {
    try {
      const connection = await connectToOne(manager, target, shell);
      for (const failure of failures) warnOf(failure, target);
      return connection;
    } catch (error) {
      if (!isPassedOver(error)) throw error;
      failures.push(error);
    }
  }
  const [only, ...others] = failures;
  if (only && others.length === 0) throw only;
  const advice = only?.hint ?? 'check DEPLOY_MANAGER_HOST';
  throw new DeployError(worstOf(failures), `none of the ${failures.length} managers can be reached`, {
    details: failures.flatMap(({ message, details, hint = advice }) => [
      message,
      ...[...details, ...(hint === advice ? [] : [hint])].map((line) => `  ${line}`),
    ]),
    hint: advice,
  });
}

async function connectToOne(manager: Destination, target: SshTarget, shell: Shell): Promise<Connection> {
  const client = await connect(await readRoute(manager, shell, target.warn), target);
  const connection = openConnection(manager, client);
  await target.admit?.(candidateAt(connection)).catch((error: unknown) => {
    client.end();
    if (!(error instanceof DeployError)) throw error;
    const { code, message, hint, details, cause } = error;
    throw new NotAdmitted(code, message, { ...(hint && { hint }), details, cause });
  });
  return connection;
}

function candidateAt(connection: Connection): Candidate {
  const { name } = connection.manager;
  return {
    name,
    async openSocket(path) {
      try {
        return await openSocketOn(connection, path);
      } catch (error) {
        if (!isRefusal(error)) throw error;
        const here: Remote = { run: (script) => runOn(connection, script) };
        const { message, hint } = await explainSocket(here, name, path, error as Error);
        throw new DeployError('UNREACHABLE', message, { hint, cause: error });
      }
    },
  };
}

function warnOf(failure: DeployError, { warn }: SshTarget): void {
  if (failure instanceof HostKeyRefused) warn(`${failure.message}: passed over; ${failure.hint}`);
  if (failure instanceof NotAdmitted) warn(`${failure.message}: the next manager takes over`);
}

/** That a lock or a cluster is lost says more than that nobody answers. */
function worstOf(failures: readonly DeployError[]): FailureCode {
  const codes = failures.map(({ code }) => code);
  return (['LOCK_LOST', 'WRONG_CLUSTER'] as const).find((code) => codes.includes(code)) ?? 'UNREACHABLE';
}

function isPassedOver(error: unknown): error is DeployError {
  if (error instanceof HostKeyRefused) return error.isUnknown;
  if (error instanceof NotAdmitted) return true;
  return error instanceof DeployError && error.code === 'UNREACHABLE';
}

import { setTimeout as sleep } from 'node:timers/promises';
import { ENGINE_SILENT, renderEndDeploys } from '../plan/render/render-scripts.ts';
import { codeOf, DeployError, messageOf } from '../shared/errors.ts';
import { retryForMinute } from '../shared/retry-for-minute.ts';
import type { Host, Tools } from '../shared/tools.ts';
import { restoreServices } from '../swarm/restore-stack.ts';
import type { PendingCommand } from './pending-commands.ts';
import type { RestoreContext } from './step.ts';
import { removalOptions, waitLimits } from './wait-limits.ts';

/** What a command that was ended had asked the engine for is done after that. */
export const ENDED_MS = 2_000;
/** A manager that stands still gives no answer, and does not refuse one. */
const ASK_MS = 45_000;
const AGAIN_MS = 2_000;
/** How long a run waits for a manager to return: the time that a machine needs to restart. */
export const FREE_MS = 180_000;

/** A command whose manager has not been seen free of it. */
interface Unseen {
  readonly command: PendingCommand;
  readonly why: string;
}

export interface PendingCommands {
  /** The release that the commands deploy. */
  readonly id: string;
  readonly left: readonly PendingCommand[];
}

/** Ends the commands that a run has left on managers. Gives those whose managers have not been seen free of them. */
export async function endCommands(
  acting: RestoreContext,
  { id, left }: PendingCommands,
): Promise<readonly Unseen[]> {
  const { hosts, log } = acting.tools;
  const isNamed = ({ address }: PendingCommand) => hosts.some((host) => host.address === address);
  // The run that started it may use another name for the manager.
  const strangers = left.filter((command) => !isNamed(command));
  const asked =
    left.length === 0
      ? []
      : strangers.length > 0
        ? hosts
        : hosts.filter(({ address }) => left.some((command) => command.address === address));
  const answers = await Promise.all(asked.map((host) => askToEnd(acting, host, id)));
  if (answers.some(({ hasEnded }) => hasEnded))
    log.warn('a docker stack deploy was still under way: it was ended');
  const found = answers.filter(
    ({ address, began, problem }) =>
      began && !problem && !left.some((command) => command.address === address),
  );
  const areFound = found.length >= strangers.length;
  return left.flatMap((command) => {
    const answer = answers.find(({ address }) => address === command.address);
    if (answer ? !answer.problem : areFound) return [];
    return [{ command, why: answer?.problem ?? 'no manager of this name is in DEPLOY_MANAGER_HOST' }];
  });
}

interface Answer {
  readonly address: string;
  readonly hasEnded: boolean;
  /** A command of the release was begun there. */
  readonly began: boolean;
  /** undefined: it is free of commands. */
  readonly problem: string | undefined;
}

async function askToEnd({ release }: RestoreContext, host: Host, id: string): Promise<Answer> {
  const { address, remote } = host;
  const nothing = { address, hasEnded: false, began: false };
  const asking = new AbortController();
  const tooLate = sleep(ASK_MS, undefined, { signal: asking.signal }).then(() => {
    throw new Error(`no answer within ${ASK_MS / 1000} s`);
  });
  try {
    const script = renderEndDeploys({ stack: release.stack, id });
    const { exitCode, stdout, stderr } = await Promise.race([remote.run(script), tooLate]);
    const lines = stdout.split('\n').filter(Boolean);
    const hasEnded = lines.some((line) => line !== 'began');
    const said = stderr.trim();
    const failed =
      exitCode === ENGINE_SILENT ? `its engine does not answer: ${said}` : `it cannot be ended: ${said}`;
    return {
      address,
      hasEnded,
      began: lines.includes('began'),
      problem: exitCode === 0 ? undefined : failed,
    };
  } catch (error) {
    if (codeOf(error) === 'LOCK_LOST') throw error;
    return { ...nothing, problem: messageOf(error) };
  } finally {
    asking.abort();
    tooLate.catch(() => {});
  }
}

/** When the script on the manager has killed it; of another clock no more is believed than a limit of our own. */
function limitOf({ release }: RestoreContext, { until }: PendingCommand): number {
  const own = Date.now() + waitLimits(release.settings).timeoutMs;
  return Math.min(own, Date.parse(until) || own);
}

/** Waits until each of these managers has been seen free, or the limit of its command has passed. Throws RESTORE_FAILED after `most` ms. */
export async function awaitFree(
  acting: RestoreContext,
  id: string,
  unseen: readonly Unseen[],
  most = Number.POSITIVE_INFINITY,
): Promise<void> {
  const { log, signal } = acting.tools;
  const limits = new Map(unseen.map(({ command }) => [command.address, limitOf(acting, command)]));
  const end = performance.now() + most;
  const areOpen = (all: readonly Unseen[]) =>
    all.filter(({ command }) => Date.now() < (limits.get(command.address) ?? 0));
  for (const { command, why } of unseen)
    log.warn(
      `${command.address} may still run docker stack deploy: ${why}; waiting for it, ${new Date(limits.get(command.address) ?? 0).toISOString()} at the latest`,
    );
  let left = unseen;
  while (areOpen(left).length > 0) {
    if (performance.now() > end) throw notFree(left);
    await sleep(AGAIN_MS, undefined, { signal }).catch(() => signal.throwIfAborted());
    left = await endCommands(acting, { id, left: areOpen(left).map(({ command }) => command) });
  }
}

const notFree = (unseen: readonly Unseen[]) =>
  new DeployError('RESTORE_FAILED', 'a docker stack deploy of this run may still change the stack', {
    details: unseen.map(
      ({ command: { address, until }, why }) => `${address}: ${why}; its limit is ${until}`,
    ),
    hint: `restart ${unseen.map(({ command }) => command.address).join(', ')}, then run \`waggle deploy --on-interrupted=rollback\`, which waits for it until that limit`,
  });

/** Ends the commands of a run, waits for their managers, and moves all versions on, so that no older command can change a service. */
export async function settleCommands(acting: RestoreContext, leaving: PendingCommands): Promise<void> {
  if (leaving.left.length === 0) return;
  const { swarm, signal } = acting.tools;
  await awaitFree(acting, leaving.id, await endCommands(acting, leaving));
  const moveOn = async () =>
    restoreServices(removalOptions(acting), await swarm.readServices(acting.release.stack), undefined, true);
  await retryForMinute(moveOn, { onFirstFailure: () => {}, signal });
  await sleep(ENDED_MS, undefined, { signal }).catch(() => signal.throwIfAborted());
}

/** A command that the run left running changes nothing after it reads the lock. */
export async function fenceCommands({ fenceCommands: fence, log, lost }: Tools): Promise<void> {
  const onFirstFailure = () => log.warn('the manager does not answer: it is asked again');
  await retryForMinute(fence, { onFirstFailure, signal: lost });
}

/** Whether no manager may have a command of this run any more, which has gone well. */
export async function haveEnded(acting: RestoreContext, leaving: PendingCommands): Promise<boolean> {
  if (leaving.left.length === 0) return true;
  const { tools } = acting;
  await fenceCommands(tools);
  const unseen = await endCommands(acting, leaving);
  for (const { command, why } of unseen)
    tools.log.warn(`${command.address} may still run docker stack deploy: ${why}`);
  return unseen.length === 0;
}

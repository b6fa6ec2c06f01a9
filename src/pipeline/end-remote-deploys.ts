import { NOT_HERE, renderEndDeploys } from '../plan/render/render-scripts.ts';
import { DeployError, messageOf } from '../shared/errors.ts';
import { patiently } from '../shared/patiently.ts';
import type { Restoring } from './step.ts';

/** What a command that was ended had asked the manager for is done after that. */
export const ENDED_MS = 2_000;
/** A command that nobody sees or ends is over after that. */
const UNSEEN_MS = 15_000;

/**
 * Nothing is put back while a command of ours may still be changing the stack: a connection that drops, or a run that
 * is killed, leaves its `docker stack deploy` running on the manager. It is ended there and seen to be gone. Gives for how
 * long, in ms, what is put back has to stay so to be believed: 0 where nothing was under way.
 */
export async function endRemoteDeploys(
  { release: { stack }, tools: { remote, log, mask, signal } }: Restoring,
  /** Of the release that was being deployed. */
  id: string,
): Promise<number> {
  const ask = () => remote.run(renderEndDeploys({ stack, id }));
  const onFirstFailure = () => log.warn('the manager does not answer: it is asked again');
  const ended = await patiently(ask, { onFirstFailure, signal }).catch((error) => {
    signal.throwIfAborted();
    return messageOf(error);
  });
  if (typeof ended === 'string' || ended.exitCode === NOT_HERE) {
    const why = typeof ended === 'string' ? mask(ended) : 'another one answers';
    log.warn(`cannot see whether a command still runs on the manager: ${why}`);
    return UNSEEN_MS;
  }
  const { exitCode, stdout, stderr } = ended;
  if (stdout !== '') log.warn('a docker stack deploy was still under way: it was ended');
  if (exitCode === 0) return stdout === '' ? 0 : ENDED_MS;
  throw new DeployError('RESTORE_FAILED', 'a docker stack deploy on the manager cannot be ended', {
    details: mask(stdout + stderr)
      .trim()
      .split('\n'),
    hint: 'end it there and deploy again: what was begun is put back first',
  });
}

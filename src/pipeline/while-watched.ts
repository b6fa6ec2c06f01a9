import { DeployError } from '../shared/errors.ts';
import { describeEnds, taskEndJudge } from '../swarm/judge-ends.ts';
import type { PollResult } from '../swarm/poll-result.ts';
import type { Deployment } from './step.ts';

/**
 * Does `work` while the converged services are watched, and returns when they are converged after it. Throws
 * NOT_CONVERGED, and aborts the work, when a task of the release ends meanwhile.
 */
export async function whileWatched(
  deployment: Deployment,
  work: (watched: Deployment) => Promise<void>,
): Promise<void> {
  const { tools, outputs } = deployment;
  const { converged, before } = outputs;
  if (!converged) return work(deployment);
  tools.signal.throwIfAborted();
  const ending = new AbortController();
  const end = () => ending.abort(tools.signal.reason);
  tools.signal.addEventListener('abort', end, { once: true });
  let isOver = false;
  const findEnds = taskEndJudge(converged.looks, before?.taskIds);
  const watching = converged.until({
    signal: ending.signal,
    timeoutMs: Number.POSITIVE_INFINITY,
    onLook: (looks) => requireStanding(deployment, findEnds(looks)),
    areGood: (looks) => isOver && looks.every(isConverged),
  });
  const working = work({ ...deployment, tools: { ...tools, signal: ending.signal } });
  try {
    await Promise.race([watching, working]);
    isOver = true;
    await watching;
  } catch (error) {
    // The health is unknown: failed tasks decide.
    isOver = isUnknown(error);
    if (isOver) await watching;
    throw error;
  } finally {
    ending.abort();
    tools.signal.removeEventListener('abort', end);
    await Promise.allSettled([watching, working]);
  }
}

const isConverged = ({ verdict }: PollResult) => verdict.kind === 'converged';

const isUnknown = (error: unknown) => error instanceof DeployError && error.code === 'HEALTH_UNKNOWN';

async function requireStanding(
  { tools }: Deployment,
  ends: ReturnType<ReturnType<typeof taskEndJudge>>,
): Promise<void> {
  if (ends.length === 0) return;
  const details = describeEnds(ends, await tools.swarm.readNodes());
  if (details.length === 0) return;
  throw new DeployError('NOT_CONVERGED', 'the release did not stay up', { details });
}

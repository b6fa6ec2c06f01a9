import { DeployError } from '../../shared/errors.ts';
import { awaitStack, type Look, staying } from '../../swarm/await-stack.ts';
import { explainFailure } from '../../swarm/explain-failure.ts';
import { requireHope } from '../../swarm/judge-stack.ts';
import type { Deployment, Step } from '../step.ts';

export const awaitConvergence: Step = {
  name: 'wait for convergence',
  describe: ({ settings }) => [`every service runs the new spec, at most ${settings.DEPLOY_TIMEOUT} s`],
  async run({ release: { stack, settings }, tools, learned }) {
    const { swarm, log, signal } = tools;
    const timeoutMs = settings.DEPLOY_TIMEOUT * 1000;
    const areConverged = staying(({ verdict }) => verdict.kind === 'converged');
    const isDone = (looks: readonly Look[]) => {
      requireHope(looks, 'NOT_CONVERGED');
      return areConverged(looks);
    };
    try {
      await awaitStack({ swarm, stack, log, signal, timeoutMs, isDone });
    } catch (error) {
      throw await explained(error, { stack, tools, known: learned.before?.taskIds ?? new Set() });
    }
    return undefined;
  },
};

interface Scene {
  readonly stack: string;
  readonly tools: Deployment['tools'];
  readonly known: ReadonlySet<string>;
}

/** Adds what the tasks and their logs say, now, before putting the stack back makes them history. */
async function explained(error: unknown, { stack, tools: { swarm, mask }, known }: Scene): Promise<unknown> {
  if (!(error instanceof DeployError) || error.code !== 'NOT_CONVERGED') return error;
  const seen = await explainFailure(swarm, stack, known, mask).catch(() => []);
  const hint = error.hint ?? 'correct the cause below and deploy again';
  return new DeployError(error.code, error.message, {
    hint,
    details: [...error.details, ...seen],
    cause: error,
  });
}

import type { Notice } from '../notify/notifier.ts';
import { openNotifiers } from '../notify/notifiers.ts';
import { codeOf, messageOf } from '../shared/errors.ts';
import type { RunContext } from './run-context.ts';
import { runCleanup, runSteps } from './run-steps.ts';
import type { Deployment, Step } from './step.ts';
import { hookFailure } from './steps/run-hook.ts';

/** Everything from the first change on, with notifications. A failure is reported after the restore. */
export async function carryOut(
  { environment }: Pick<RunContext, 'environment'>,
  steps: readonly Step[],
  cleanup: readonly (readonly Step[])[],
  start: Deployment,
): Promise<void> {
  const { release, tools } = start;
  const tell = openNotifiers({ settings: release.settings, environment }, tools.log);
  // A slow receiver of the first notification must not delay the deploy.
  const begun = tell(describeNotice(start, 'started'));
  const done = runSteps(steps, start).then((end) => runCleanup(cleanup, end));
  await done.catch(async (failure) => {
    await hookFailure(release, tools, failure);
    await begun;
    await tell({
      ...describeNotice(start, 'failed'),
      code: codeOf(failure),
      reason: tools.mask(messageOf(failure)),
    });
    throw failure;
  });
  await begun;
  await tell(describeNotice(start, 'succeeded'));
}

function describeNotice({ release, holder }: Deployment, event: Notice['event']): Notice {
  const { stack, id, tag, commit = '' } = release;
  return { event, stack, id, tag, commit, who: holder.who, at: new Date().toISOString() };
}

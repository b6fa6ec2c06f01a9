import { judgeAudit } from '../../plan/records/judge-audit.ts';
import { DeployError } from '../../shared/errors.ts';
import { atCluster } from '../at-cluster.ts';
import type { RunContext } from '../run-context.ts';

/** Checks that nobody changed a kept release after the next one was written. Throws AUDIT_FAILED. */
export async function audit(context: RunContext, target: string | undefined): Promise<void> {
  await atCluster(context, target, async (_release, _tools, records) => {
    const { sound, first, broken, lost } = judgeAudit(await records);
    const details = [
      ...broken.map((number) => `what came before r${number} was changed since`),
      ...lost.map((number) => `r${number} is gone, and pruning takes older ones first`),
    ];
    if (details.length > 0)
      throw new DeployError('AUDIT_FAILED', 'the history is not what was written', {
        details,
        hint: 'somebody wrote to the cluster without Waggle: do not roll back to a release before these',
      });
    context.print(`sound: ${named(sound)}; with none before them to compare: ${named(first)}`);
  });
}

const named = (numbers: readonly number[]) => numbers.map((number) => `r${number}`).join(', ') || 'none';

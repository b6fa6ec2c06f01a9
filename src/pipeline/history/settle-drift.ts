import type { DeploymentPlan } from '../../plan/changes/deployment-plan.ts';
import type { ClusterFacts } from '../../plan/changes/facts.ts';
import { readRunning } from '../../plan/records/find-release.ts';
import { ON_DRIFT, type OnDrift } from '../../plan/records/on-drift.ts';
import type { ReleaseRecord } from '../../plan/records/release-record.ts';
import { planDeployId } from '../../plan/release/release-name.ts';
import { DeployError } from '../../shared/errors.ts';
import type { Deployment } from '../step.ts';
import { adopt } from './adopt.ts';

/** Says what somebody changed by hand, and does with it as wanted. Gives the facts as they are then. */
export async function settleDrift(
  acting: Pick<Deployment, 'release' | 'tools' | 'holder'>,
  { facts, plan: { drift } }: { readonly facts: ClusterFacts; readonly plan: Pick<DeploymentPlan, 'drift'> },
  wanted: OnDrift,
): Promise<ClusterFacts> {
  const { release, tools, holder } = acting;
  const running = drift.length > 0 ? readRunning(facts.records) : undefined;
  if (!running) return facts;
  if (wanted === 'stop')
    throw new DeployError('DRIFTED', `${release.stack} was changed by hand since r${running.number}`, {
      details: drift,
      hint: `copy the changes that you keep into the stack file; ${describeChoices()}`,
    });
  for (const line of drift) tools.log.warn(`changed by hand since r${running.number}: ${line}`);
  if (wanted === 'overwrite') return facts;
  const templates = [...running.templates, ...release.templates];
  await adopt(acting, { ...holder, ...nameFound(running, acting), templates });
  return { ...facts, records: await tools.swarm.readRecords(release.stack) };
}

/** What was found has an id of its own, though what is deployed now may be of its tag and of the same second. */
function nameFound(
  { tag }: Pick<ReleaseRecord, 'tag'>,
  { release, holder }: Pick<Deployment, 'release' | 'holder'>,
): Pick<ReleaseRecord, 'id' | 'tag'> {
  const since = new Date(holder.since);
  const id = planDeployId(tag, since);
  return { tag, id: id === release.id ? planDeployId(tag, new Date(since.getTime() - 1_000)) : id };
}

const describeChoices = () =>
  Object.entries(ON_DRIFT)
    .filter(([name]) => name !== 'stop')
    .map(([name, meaning]) => `--on-drift=${name}: ${meaning}`)
    .join('; ');

import type { DeploymentPlan } from '../plan/changes/deployment-plan.ts';
import type { ClusterFacts } from '../plan/changes/facts.ts';
import { describeInputs, judgeMoved } from '../plan/changes/save-plan.ts';
import type { SavedPlan } from '../plan/changes/saved-plan.ts';
import type { Release } from '../plan/release/release.ts';
import { fitsDigest } from '../shared/digest.ts';
import { DeployError } from '../shared/errors.ts';
import { Secret } from '../shared/secret.ts';

/** Throws PLAN_STALE when anything that it was made from is another now. */
export async function requireFitting(
  saved: SavedPlan,
  release: Release,
  facts: ClusterFacts,
  plan: DeploymentPlan,
): Promise<void> {
  const isSame = await fitsDigest(saved.inputs, new Secret(describeInputs(release)), 'plan');
  const changed = isSame
    ? []
    : ['the files, hooks, settings or secrets are not those that the plan was made from'];
  const moved = [...changed, ...judgeMoved(saved, facts, plan)];
  if (moved.length === 0) return;
  throw new DeployError('PLAN_STALE', `the saved plan of ${saved.plannedAt} is out of date`, {
    details: moved,
    hint: 'nothing was changed; make a new plan, look at it, and deploy that',
  });
}

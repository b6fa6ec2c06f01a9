import type { DeploymentPlan } from '../plan/changes/deployment-plan.ts';
import type { ClusterFacts } from '../plan/changes/facts.ts';
import { describeProject, findForeign } from '../plan/records/judge-project.ts';
import { parseHistory } from '../plan/records/release-record.ts';
import { DeployError } from '../shared/errors.ts';
import type { Project } from '../shared/project.ts';

/** WRONG_STACK when what runs under this name is another project's, or all of it would be removed. */
export function judgeOwnStack(
  stack: string,
  project: Project,
  { records, services }: Pick<ClusterFacts, 'records' | 'services'>,
  { changes }: Pick<DeploymentPlan, 'changes'>,
): DeployError | undefined {
  const removed = changes.services.filter(({ action }) => action === 'remove').map(({ name }) => name);
  const foreign = judgeForeign(
    stack,
    project,
    { records, services },
    removed.map((name) => `the deploy would remove the service ${name}`),
  );
  if (foreign) return foreign;
  if (removed.length === 0 || removed.length < services.length) return undefined;
  return new DeployError('WRONG_STACK', `this deploy would remove every service that runs in ${stack}`, {
    details: removed,
    hint: HINT,
  });
}

/** WRONG_STACK when the last release under this name is from another project. */
export function judgeForeign(
  stack: string,
  project: Project,
  { records, services }: Pick<ClusterFacts, 'records' | 'services'>,
  more: readonly string[] = [],
): DeployError | undefined {
  const foreign = services.length > 0 ? findForeign(parseHistory(records).releases, project) : undefined;
  if (!foreign) return undefined;
  return new DeployError('WRONG_STACK', `the stack ${stack} runs another project`, {
    details: [
      `r${foreign.number}, by ${foreign.who}, is from ${describeProject(foreign.project)}`,
      `this checkout is ${describeProject(project)}`,
      ...more,
    ],
    hint: HINT,
  });
}

const HINT =
  'nothing was changed; use the checkout of that project, give this one another STACK_NAME, or add --allow-replace';

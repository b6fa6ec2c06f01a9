import type { ClusterFacts } from '../../plan/changes/facts.ts';
import { findService } from '../../plan/find-service.ts';
import { describeDesired } from '../../plan/pushes/describe-desired.ts';
import { requireObjects } from '../../plan/pushes/plan-rotation.ts';
import type { RunningStack } from '../../plan/pushes/push-plan.ts';
import { findReadableRunning } from '../../plan/records/find-release.ts';
import { isIdTaken } from '../../plan/records/is-id-taken.ts';
import type { OnInterrupted } from '../../plan/records/on-interrupted.ts';
import { planDrift } from '../../plan/records/plan-drift.ts';
import type { Release } from '../../plan/release/release.ts';
import { planDeployId } from '../../plan/release/release-name.ts';
import { DeployError } from '../../shared/errors.ts';
import type { Swarm } from '../../shared/swarm.ts';
import type { Tools } from '../../shared/tools.ts';
import { connected } from '../at-cluster.ts';
import { carryOut } from '../carry-out.ts';
import { requireYes } from '../confirm.ts';
import { gatherFacts } from '../gather-facts.ts';
import { recover } from '../history/recover.ts';
import { warnOfOpen } from '../history/warn-of-open.ts';
import { judgeForeign } from '../judge-own-stack.ts';
import { underLock } from '../lock/under-lock.ts';
import type { RunContext } from '../run-context.ts';
import { timed } from '../run-steps.ts';
import type { Step, StepOutputs } from '../step.ts';
import { checkHealth } from '../steps/check-health.ts';
import { closeJournal } from '../steps/close-journal.ts';
import { createVersions } from '../steps/create-versions.ts';
import { keepRecord } from '../steps/keep-record.ts';
import { openJournal } from '../steps/open-journal.ts';
import { pruneVersions } from '../steps/prune-versions.ts';
import { pushSpecs } from '../steps/push-specs.ts';
import { recordServices } from '../steps/record-services.ts';
import { reportResult } from '../steps/report-result.ts';
import { hookStep, onRollback } from '../steps/run-hook.ts';
import { verifyServices } from '../steps/verify-services.ts';
import type { DesiredState } from './desired-state.ts';

/** A change without a build: rollback, scale, restart, rotate. It makes a release; a failure restores the stack. */
export const pushSteps: readonly Step[] = [
  hookStep('pre-deploy'),
  openJournal,
  createVersions, // of secrets that are rotated
  onRollback,
  recordServices,
  pushSpecs, // and their convergence
  verifyServices,
  checkHealth,
];
export const pushCleanup: readonly (readonly Step[])[] = [
  [keepRecord],
  [hookStep('post-deploy')],
  [closeJournal, pruneVersions],
  [reportResult],
];

export interface PushOptions {
  readonly target: string | undefined;
  /** What the lock is taken for, for others to read. */
  readonly what: string;
  readonly isPatient: boolean;
  readonly onInterrupted: OnInterrupted | undefined;
  /** The stack may be another project's. */
  readonly mayReplace: boolean;
  /** Changes nothing; throws every reason against it, at once. `undefined`: there is nothing to do. */
  resolveDesired(push: PushContext): Promise<DesiredState | undefined>;
  /** Services that must exist: USAGE before anything is locked. */
  readonly services?: readonly string[];
  /** Secrets and configs that must exist, likewise. */
  readonly objects?: readonly string[];
  /** Asked before the first change where a person sits at the terminal. `undefined`: nothing is asked. */
  question?(desired: DesiredState): string;
}

export interface PushContext extends RunningStack {
  readonly swarm: Swarm;
}

/** Brings the stack to specs that are known, in place of those of the stack file. */
export async function pushForward(context: RunContext, options: PushOptions): Promise<void> {
  const { log } = context;
  const { target, what, isPatient, onInterrupted } = options;
  await connected(context, target, async (read, tools) => {
    const { stack } = read;
    requireObjects(read, options.objects ?? []);
    await requireServices(read, tools, options.services ?? []);
    if (read.settings.DRY_RUN) {
      const facts = await timed(log, 'ask the cluster', () => gatherFacts(read, tools.swarm));
      warnOfOpen(log, facts.records);
      await requireOwn(context, stack, facts, options);
      await findAndShow(context, read, { ...options, facts, swarm: tools.swarm });
      return;
    }
    await underLock(context, tools, { stack, what, isPatient }, async (held, holder) => {
      const before = await timed(log, 'ask the cluster', () => gatherFacts(read, held.swarm));
      await requireOwn(context, stack, before, options);
      const { hasChanged, outputs } = await recover({ release: read, tools: held }, before, onInterrupted);
      const facts = hasChanged ? await gatherFacts(read, held.swarm) : before;
      const { swarm } = held;
      const desired = await findAndShow(context, read, {
        ...options,
        facts: withInterruptedServices(facts, outputs),
        swarm,
      });
      if (!desired) return;
      if (options.question) await requireYes(held, options.question(desired));
      const release = asRelease(read, desired);
      if (isIdTaken(release, facts))
        throw new DeployError('PREFLIGHT_FAILED', `${release.id} was another run of the same second`, {
          hint: 'nothing was changed; run the command again',
        });
      const known = { digests: {}, desired, ...outputs };
      await carryOut(context, pushSteps, pushCleanup, {
        release,
        facts,
        tools: held,
        holder,
        outputs: known,
      });
    });
  });
}

/** Before an interrupted run is settled: that, too, changes the stack. */
async function requireOwn(
  context: RunContext,
  stack: string,
  facts: ClusterFacts,
  { mayReplace }: Pick<PushOptions, 'mayReplace'>,
): Promise<void> {
  const foreign = mayReplace ? undefined : judgeForeign(stack, await context.readProject(), facts);
  if (foreign) throw foreign;
}

/** The cluster is only asked about what the stack file does not name. */
async function requireServices(
  { stack, services }: Release,
  { swarm }: Tools,
  names: readonly string[],
): Promise<void> {
  const unknown = names.filter((name) => !services.some((service) => service.name === name));
  if (unknown.length === 0) return;
  const live = await swarm.readServices(stack);
  for (const name of unknown) findService(stack, live, name);
}

/** The desired state, and how it differs from the running one. Changes nothing. */
async function findAndShow(
  { log }: RunContext,
  { stack, objects, settings, templates }: Release,
  {
    resolveDesired,
    facts,
    swarm,
  }: Pick<PushOptions, 'resolveDesired'> & Pick<PushContext, 'facts' | 'swarm'>,
): Promise<DesiredState | undefined> {
  for (const line of planDrift(facts.records, facts, { settings, templates }))
    log.warn(`changed by hand: ${line}`);
  const desired = await timed(log, 'check before any change', () =>
    resolveDesired({ stack, facts, objects, swarm }),
  );
  if (!desired) {
    log.info('nothing to do: every service has the current content already');
    return undefined;
  }
  const running = findReadableRunning(facts.records)?.templates ?? [];
  const known = [...running, ...desired.of.templates, ...templates];
  for (const line of describeDesired(facts, desired, known)) log.info(`  ${line}`);
  return desired;
}

/** An interrupted run may have left a part of a release: compare with the state before it. */
export function withInterruptedServices(
  facts: ClusterFacts,
  { before }: Pick<StepOutputs, 'before'>,
): ClusterFacts {
  return before ? { ...facts, services: before.services } : facts;
}

/** Health checks come from the checkout, the rest from the record. A run that waited gets a fresh id. */
function asRelease(read: Release, { of: { tag, commit, templates }, objects = [] }: DesiredState): Release {
  return { ...read, tag, commit, id: planDeployId(tag, new Date()), services: [], objects, templates };
}

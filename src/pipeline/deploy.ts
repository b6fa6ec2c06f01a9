import { listRecreated } from '../plan/changes/changes.ts';
import type { SavedPlan } from '../plan/changes/saved-plan.ts';
import type { OnDrift } from '../plan/records/on-drift.ts';
import type { OnInterrupted } from '../plan/records/on-interrupted.ts';
import { carryOut } from './carry-out.ts';
import { recover } from './history/recover.ts';
import { settleDrift } from './history/settle-drift.ts';
import { judgeOwnStack } from './judge-own-stack.ts';
import { loadRelease } from './load-release.ts';
import { underLock } from './lock/under-lock.ts';
import { logFindings, logNewFindings } from './log-findings.ts';
import { prepare, prepareUnique, requireFeasible } from './prepare.ts';
import { requireFitting } from './require-fitting.ts';
import type { RunContext } from './run-context.ts';
import { timed } from './run-steps.ts';
import { showChanges, showRelease } from './show-plan.ts';
import type { Step } from './step.ts';
import { awaitConvergence } from './steps/await-convergence.ts';
import { buildImages } from './steps/build-images.ts';
import { checkHealth } from './steps/check-health.ts';
import { closeJournal } from './steps/close-journal.ts';
import { createVersions } from './steps/create-versions.ts';
import { deployStack } from './steps/deploy-stack.ts';
import { deployWaves } from './steps/deploy-waves.ts';
import { keepRecord } from './steps/keep-record.ts';
import { openJournal } from './steps/open-journal.ts';
import { pruneBundles } from './steps/prune-bundles.ts';
import { pruneVersions } from './steps/prune-versions.ts';
import { pullImages } from './steps/pull-images.ts';
import { recordServices } from './steps/record-services.ts';
import { reportResult } from './steps/report-result.ts';
import { hookStep, onRollback } from './steps/run-hook.ts';
import { uploadBundle } from './steps/upload-bundle.ts';
import { verifyServices } from './steps/verify-services.ts';

/** If one of these fails, those that were started are undone, newest first. */
export const deploySteps: readonly Step[] = [
  hookStep('pre-build'),
  buildImages, // one docker buildx bake, all platforms, pushed
  pullImages, // on every node that may run them, so that nothing waits for a pull later
  hookStep('pre-deploy'),
  openJournal, // records every service in the cluster, until no restore is needed
  uploadBundle, // stack.yml and release.json, over SSH
  createVersions, // of secrets and configs that changed: they never change under one name; undo = remove them
  onRollback,
  recordServices, // undo = restore every service, and wait for it
  deployWaves, // jobs of the release phase, and what others depend on
  deployStack, // docker stack deploy: all of it, and it did what was planned
  awaitConvergence, // every service runs the new spec, and stays so
  verifyServices, // nobody changed them meanwhile, and every task runs the digest that was planned
  checkHealth, // HTTP, from here; the services are watched until it is over
];

/** The release is healthy by now: a failure here is a warning, never a rollback. Those of a group run at once. */
export const cleanupSteps: readonly (readonly Step[])[] = [
  [keepRecord], // r1, r2, ...: what runs now
  [hookStep('post-deploy')],
  [closeJournal, pruneVersions, pruneBundles],
  [reportResult],
];

export interface DeployOptions {
  /** `staging`: the folder deploy/staging. */
  readonly target?: string | undefined;
  /** Print what a deploy is made of, and ask nobody. */
  readonly isOffline: boolean;
  /** Do exactly this, or nothing. */
  readonly saved?: SavedPlan | undefined;
  /** Wait for the lock, instead of failing. */
  readonly isPatient?: boolean;
  /** undefined: asked on a terminal, else `fail`. */
  readonly onInterrupted?: OnInterrupted | undefined;
  readonly onDrift?: OnDrift | undefined;
  /** Services may be down for a change that Docker cannot make in place. */
  readonly mayRecreate?: boolean;
  /** What runs may be another project's, or go altogether. */
  readonly mayReplace?: boolean;
}

export async function deploy(
  context: RunContext,
  {
    target,
    isOffline,
    saved,
    isPatient = false,
    onInterrupted,
    onDrift = 'overwrite',
    mayRecreate = false,
    mayReplace = false,
  }: DeployOptions,
): Promise<void> {
  const { log, root, git, environment, secrecy } = context;
  const as = saved && { now: new Date(saved.plannedAt), tag: saved.tag };
  const load = () =>
    timed(log, 'read and validate the configuration', () =>
      loadRelease({
        root,
        git,
        environment,
        secrecy,
        target,
        isOffline: isOffline || undefined,
        copyExamples: !isOffline,
        as,
      }),
    );
  const read = await load();
  const isDry = isOffline || read.settings.DRY_RUN;
  showRelease(log, read, [...deploySteps, ...cleanupSteps.flat()], isDry);
  if (isDry) return logFindings(log, read.findings);

  const reading = context.readProject();
  await using tools = await timed(log, 'connect to the manager', () =>
    context.connect(read, { planned: saved?.clusterId }),
  );
  const locking = { stack: read.stack, what: `deploy ${read.id}`, isPatient };
  await underLock(context, tools, locking, async (held, holder) => {
    const { release, prepared } = saved
      ? { release: read, prepared: await prepare(read, held, saved.digests) }
      : await prepareUnique(read, held, load);
    const project = await reading;
    const wrong = judgeOwnStack(release.stack, project, prepared.facts, prepared.plan);
    if (wrong && !mayReplace) throw wrong;
    const acting = { release, tools: held, holder };
    const { hasChanged, outputs } = await recover(acting, prepared.facts, onInterrupted);
    const ready = hasChanged ? await prepare(release, held, saved?.digests) : prepared;
    const { plan, check } = ready;
    if (saved) await requireFitting(saved, release, ready.facts, plan);
    logNewFindings(log, release.findings, { records: ready.facts.records, mask: held.mask });
    const lines = showChanges(log, plan);
    await timed(log, 'check before any change', async () => {
      await check();
      requireFeasible(plan, mayRecreate);
    });
    const facts = await settleDrift(acting, ready, onDrift);
    const recreated = listRecreated(plan.changes);
    const onMeanwhile = saved ? ('refuse' as const) : onDrift;
    const known = { digests: plan.digests, project, plan: lines, recreated, onMeanwhile, ...outputs };
    await carryOut(context, deploySteps, cleanupSteps, { ...acting, facts, outputs: known });
  });
}

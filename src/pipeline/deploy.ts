import { readInputs } from '../config/read-inputs.ts';
import { planRelease } from '../plan/plan-release.ts';
import type { Release } from '../plan/release.ts';
import { runChecks } from '../preflight/checks.ts';
import type { Log } from '../shared/log.ts';
import type { Tools } from '../shared/tools.ts';
import { gatherFacts } from './gather-facts.ts';
import { runCleanup, runSteps, timed } from './run-steps.ts';
import { showPlan } from './show-plan.ts';
import type { Step } from './step.ts';
import { awaitConvergence } from './steps/await-convergence.ts';
import { buildImages } from './steps/build-images.ts';
import { checkHealth } from './steps/check-health.ts';
import { createSecrets } from './steps/create-secrets.ts';
import { deployStack } from './steps/deploy-stack.ts';
import { pruneBundles } from './steps/prune-bundles.ts';
import { pruneSecrets } from './steps/prune-secrets.ts';
import { reportResult } from './steps/report-result.ts';
import { resolveImages } from './steps/resolve-images.ts';
import { snapshotStack } from './steps/snapshot-stack.ts';
import { uploadBundle } from './steps/upload-bundle.ts';

/** If one of these fails, those that were started are undone, newest first. */
export const deploySteps: readonly Step[] = [
  buildImages, // one docker buildx bake, all platforms, pushed
  resolveImages, // a digest for every image: nothing is deployed by a tag alone
  uploadBundle, // stack.yml and release.json, over SSH
  createSecrets, // a new version of each: Swarm secrets never change; undo = remove them
  snapshotStack, // every service as it is now
  deployStack, // docker stack deploy; undo = the snapshot, and wait for it
  awaitConvergence, // every service runs the new spec, and stays so
  checkHealth, // HTTP, from here
];

/** The release is healthy by now: a failure here is a warning, never a rollback. */
export const cleanupSteps: readonly Step[] = [pruneSecrets, pruneBundles, reportResult];

/** What a run needs of the process that it runs in. */
export interface World {
  readonly root: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Opens the one SSH connection; disposing of it closes it. */
  connect(release: Release): Promise<Tools & AsyncDisposable>;
}

/** How far to go: `offline` asks nobody, `plan` asks the cluster and changes nothing. */
export type Depth = 'offline' | 'plan' | 'deploy';

export async function deploy(world: World, depth: Depth): Promise<void> {
  const { log } = world;
  const release = await timed(log, 'read and validate the configuration', async () => {
    const inputs = await readInputs(world.root, world.environment, { copyExamples: depth === 'deploy' });
    return planRelease(inputs); // pure: every problem at once
  });
  showPlan(log, release, [...deploySteps, ...cleanupSteps]);
  if (depth === 'offline' || release.settings.DRY_RUN) return;

  await using tools = await timed(log, 'connect to the manager', () => world.connect(release));
  const facts = await timed(log, 'ask the cluster', () => gatherFacts(tools));
  await timed(log, 'check before any change', () => runChecks({ release, nodes: facts.nodes, tools }));
  if (depth === 'plan') return;

  const start = { release, facts, tools, learned: { digests: {} } };
  const deployed = await runSteps(deploySteps, start); // the first line that changes anything
  await runCleanup(cleanupSteps, deployed);
}

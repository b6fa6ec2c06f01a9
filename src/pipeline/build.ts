import { connected } from './at-cluster.ts';
import { warnOfOpen } from './history/warn-of-open.ts';
import { newHolder } from './lock/new-holder.ts';
import { prepare } from './prepare.ts';
import type { RunContext } from './run-context.ts';
import { runSteps, timed } from './run-steps.ts';
import type { Step } from './step.ts';
import { buildImages } from './steps/build-images.ts';
import { hookStep } from './steps/run-hook.ts';

/** The first steps of a deploy: a later one, with SKIP_BUILD, deploys what they pushed. */
const buildSteps: readonly Step[] = [hookStep('pre-build'), buildImages];

/** Builds and pushes; of the cluster only its platforms are asked for. */
export async function build(context: RunContext, target: string | undefined): Promise<void> {
  const { log, environment } = context;
  await connected(context, target, async (release, tools) => {
    const { facts, check } = await prepare(release, tools);
    warnOfOpen(log, facts.records);
    await timed(log, 'check before any change', check);
    const holder = newHolder(environment, 'build');
    await runSteps(buildSteps, { release, facts, tools, holder, outputs: { digests: {} } });
    log.info(`pushed as ${release.tag}: waggle deploy --skip-build --tag ${release.tag}`);
  });
}

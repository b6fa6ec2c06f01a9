import type { Release } from '../plan/release/release.ts';
import type { SwarmRecord } from '../shared/swarm.ts';
import type { Tools } from '../shared/tools.ts';
import { warnOfOpen } from './history/warn-of-open.ts';
import { loadRelease } from './load-release.ts';
import type { RunContext } from './run-context.ts';
import { timed } from './run-steps.ts';

/** Reads the configuration and connects, for commands other than deploy, and warns of an interrupted run. */
export async function atCluster<Result>(
  context: RunContext,
  target: string | undefined,
  use: (release: Release, tools: Tools, records: Promise<readonly SwarmRecord[]>) => Promise<Result>,
): Promise<Result> {
  return connected(context, target, async (release, tools) => {
    const records = tools.swarm.readRecords(release.stack);
    // The caller that needs the records gets the reason if there are none.
    await records.then((found) => warnOfOpen(context.log, found)).catch(() => {});
    return use(release, tools, records);
  });
}

/** The same, for what shows or settles by itself what was left. */
export async function connected<Result>(
  { log, root, git, environment, secrecy, connect }: RunContext,
  target: string | undefined,
  use: (release: Release, tools: Tools) => Promise<Result>,
): Promise<Result> {
  const release = await timed(log, 'read and validate the configuration', () =>
    loadRelease({ root, git, environment, secrecy, target, isOffline: false, copyExamples: false }),
  );
  await using tools = await timed(log, 'connect to the manager', () => connect(release));
  return await use(release, tools);
}

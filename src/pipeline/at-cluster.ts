import type { Release } from '../plan/release/release.ts';
import type { Tools } from '../shared/tools.ts';
import { loadRelease } from './load-release.ts';
import { timed } from './run-steps.ts';
import type { World } from './world.ts';

/** Reads the configuration and connects, for what is no deploy. */
export async function atCluster<Result>(
  { log, root, git, environment, connect }: World,
  target: string | undefined,
  use: (release: Release, tools: Tools) => Promise<Result>,
): Promise<Result> {
  const release = await timed(log, 'read and validate the configuration', () =>
    loadRelease({ root, git, environment, target, isOffline: false, copyExamples: false }),
  );
  await using tools = await timed(log, 'connect to the manager', () => connect(release));
  return await use(release, tools);
}

import type { SwarmNode } from '../../shared/swarm.ts';
import type { Release } from '../release/release.ts';
import { platformsOf } from './platforms-of.ts';

/** Makes this machine run the programs of other platforms; the package that docker's own manual names for it. */
export const EMULATE = 'docker run --privileged --rm tonistiigi/binfmt --install all';

/** The builder as a release needs it. */
export interface Builder {
  /** Why there is none; '': there is. */
  readonly problem: string;
  /** What to do about it. */
  readonly todo: string;
  /** Every platform that the release is built for. */
  readonly wanted: readonly string[];
  /** Those of them whose programs it cannot run. An image that only copies files can be built for them all the same. */
  readonly lacking: readonly string[];
}

/** `inspected` is what `docker buildx inspect --bootstrap` said. */
export function judgeBuilder(
  release: Release,
  nodes: readonly SwarmNode[],
  {
    exitCode,
    stdout,
    stderr,
  }: { readonly exitCode: number | null; readonly stdout: string; readonly stderr: string },
): Builder {
  const able = [...stdout.matchAll(/^Platforms:\s*(.*)$/gm)].flatMap(([, list = '']) =>
    list.split(',').map((name) => name.trim().replace('*', '')),
  );
  const wanted = [...new Set(release.builds.flatMap((build) => platformsOf(build, release, nodes)))].sort();
  return {
    problem:
      exitCode === 0
        ? judgeContext(release, stdout) || judgeReached(able, stdout)
        : stderr.trim() || 'docker is not installed',
    todo: planTodo(release),
    wanted,
    lacking: wanted.filter((platform) => !able.includes(platform)),
  };
}

/** An engine that does not answer is no failure for buildx: it writes so among the rest. One of several may be away. */
function judgeReached(able: readonly string[], inspected: string): string {
  const [, said = ''] = /^Error:\s*(.*)$/m.exec(inspected) ?? [];
  return able.length === 0 ? said : '';
}

function planTodo({ settings: { BUILD_REMOTE: remote } }: Release): string {
  return remote
    ? `see that \`ssh ${remote} docker version\` works here and asks nothing: Docker goes that way (apt-get install openssh-client)`
    : 'start Docker and install its buildx plugin, or deploy pushed images with SKIP_BUILD=1';
}

/** buildx lists the user's contexts among the builders, and then refuses to build with any but the current one. */
function judgeContext({ settings: { BUILD_BUILDER: name } }: Release, inspected: string): string {
  if (!name || name === 'default' || !/^Driver:\s+docker$/m.test(inspected)) return '';
  return `${name} is a context and no builder: make one with \`docker buildx create --name <name> ${name}\`, or set BUILD_REMOTE`;
}

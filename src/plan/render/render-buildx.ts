import type { ClusterSettings } from '../../config/settings.ts';

/** How `docker buildx` is called, and with which variables, so that the chosen builder does it. */
export interface Buildx {
  readonly command: (subcommand: string, ...argv: readonly string[]) => readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** A builder by its name, or the engine of another machine over SSH: one that has the platform need not emulate it. */
export function renderBuildx({ BUILD_BUILDER: builder, BUILD_REMOTE: remote }: ClusterSettings): Buildx {
  return {
    command: (subcommand, ...argv) => [
      ...['docker', 'buildx', subcommand],
      ...(builder ? ['--builder', builder] : []),
      ...argv,
    ],
    env: remote ? { DOCKER_HOST: remote } : {},
  };
}

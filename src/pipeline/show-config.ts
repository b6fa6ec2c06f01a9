import { describeOrigins } from '../plan/render/describe-origins.ts';
import { renderConfig } from '../plan/render/render-config.ts';
import { type LoadedRelease, loadWithDraft } from './load-release.ts';
import type { RunContext } from './run-context.ts';

export interface ConfigOptions {
  readonly target: string | undefined;
  readonly hasOrigins: boolean;
  readonly showsValues: boolean;
}

/** Prints the stack file as it would be sent to Docker. Asks nobody, and changes nothing. */
export async function showConfig(
  {
    root,
    git,
    environment,
    secrecy,
    log,
    print,
  }: Pick<RunContext, 'root' | 'git' | 'environment' | 'secrecy' | 'log' | 'print'>,
  { target, hasOrigins, showsValues }: ConfigOptions,
): Promise<void> {
  const loaded: LoadedRelease = await loadWithDraft({
    root,
    git,
    environment,
    target,
    // What is asked for is not hidden again.
    secrecy: showsValues ? { learn: () => {} } : secrecy,
    isOffline: true,
    copyExamples: false,
  });
  const { release, draft, values, unfilled } = loaded;
  for (const warning of unfilled) log.warn(warning);
  const originOf = hasOrigins ? describeOrigins(draft, values) : undefined;
  print(renderConfig(release, { showsValues, mask: secrecy.mask, originOf }));
}

import { resolve } from 'node:path';
import type { Release } from './release.ts';

export const isUrl = (context: string) => /^(https?|git|ssh):|^git@/.test(context);

/** The folder of a context, as the stack file writes it: absolute; a URL stays as it is. */
export const locateContext = ({ base }: Pick<Release, 'base'>, context: string) =>
  isUrl(context) ? context : resolve(base, context);

/** Every folder of this machine that images are built from. */
export const contextFolders = (release: Pick<Release, 'base' | 'builds'>): readonly string[] =>
  release.builds
    .map(({ context }) => context)
    .filter((context) => !isUrl(context))
    .map((context) => locateContext(release, context));

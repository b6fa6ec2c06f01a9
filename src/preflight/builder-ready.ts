import { DeployError } from '../shared/errors.ts';
import type { Check } from './check.ts';

/** An image is built here: that needs an engine and buildx. */
export const builderReady: Check = {
  name: 'this machine can build',
  async run({ release: { builds, settings }, tools: { local } }) {
    if (settings.SKIP_BUILD || builds.length === 0) return;
    const { exitCode, stderr } = await local(['docker', 'buildx', 'inspect']);
    if (exitCode === 0) return;
    throw new DeployError('PREFLIGHT_FAILED', 'this machine cannot build images', {
      details: [stderr.trim() || 'docker is not installed'],
      hint: 'start Docker and install its buildx plugin, or deploy pushed images with SKIP_BUILD=1',
    });
  },
};

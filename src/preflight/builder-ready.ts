import { EMULATE, judgeBuilder } from '../plan/placement/judge-builder.ts';
import { renderBuildx } from '../plan/render/render-buildx.ts';
import { DeployError } from '../shared/errors.ts';
import type { Check } from './check.ts';

/** An image is built here: that needs an engine and buildx, and more where a RUN is for another platform. */
export const builderReady: Check = {
  name: 'this machine can build',
  async run({ release, nodes, tools: { local, log } }) {
    if (release.builds.length === 0) return;
    const buildx = renderBuildx(release.settings);
    const inspected = await local(buildx.command('inspect', '--bootstrap'), { env: buildx.env });
    const { problem, lacking } = judgeBuilder(release, nodes, inspected);
    if (problem)
      throw new DeployError('PREFLIGHT_FAILED', 'this machine cannot build images', {
        details: [problem],
        hint: 'start Docker and install its buildx plugin, or deploy pushed images with SKIP_BUILD=1',
      });
    if (lacking.length === 0) return;
    log.warn(`the builder cannot run programs of ${lacking.join(', ')}, which a RUN may need: ${EMULATE}`);
  },
};

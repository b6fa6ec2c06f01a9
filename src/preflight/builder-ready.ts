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
    const where = release.settings.BUILD_REMOTE || 'this machine';
    const inspected = await local(buildx.command('inspect', '--bootstrap'), { env: buildx.env });
    const { problem, todo, lacking } = judgeBuilder(release, nodes, inspected);
    if (problem)
      throw new DeployError('PREFLIGHT_FAILED', `${where} cannot build images`, {
        details: [problem],
        hint: todo,
      });
    if (lacking.length === 0) return;
    log.warn(`the builder cannot run programs of ${lacking.join(', ')}, which a RUN may need: ${EMULATE}`);
  },
};

import { EMULATE, judgeBuilder } from '../../plan/placement/judge-builder.ts';
import { renderBuildx } from '../../plan/render/render-buildx.ts';
import { type Checkup, fine, problem, warning } from '../checkup.ts';

/** This machine can build for every platform that it is going to be asked for. */
export const platforms: Checkup = {
  name: 'platforms',
  async look({ release, nodes, tools: { local } }) {
    const ofNodes = [...new Set(nodes.map(({ platform }) => platform))].sort();
    if (release.builds.length === 0) return [fine(`the nodes are ${ofNodes.join(', ')}`)];
    const buildx = renderBuildx(release.settings);
    const inspected = await local(buildx.command('inspect', '--bootstrap'), { env: buildx.env });
    const builder = judgeBuilder(release, nodes, inspected);
    if (builder.problem) return [problem(builder.problem.split('\n')[0] ?? '', builder.todo)];
    if (builder.lacking.length === 0) return [fine(`the builder can do ${builder.wanted.join(', ')}`)];
    return [
      warning(
        `the builder cannot run programs of ${builder.lacking.join(', ')}: a RUN for it fails`,
        `${EMULATE}, or name a builder that has the platform: BUILD_BUILDER, BUILD_REMOTE`,
      ),
    ];
  },
};

import { renderRemoveBundle, renderUpload } from '../../plan/render-scripts.ts';
import { renderStack } from '../../plan/render-stack.ts';
import { DeployError } from '../../shared/errors.ts';
import type { Step } from '../step.ts';

export const uploadBundle: Step = {
  name: 'upload the bundle',
  describe: ({ stack, id }) => [`~/.waggle/${stack}/${id} on the manager: stack.yml, release.json`],
  async run({ release, tools: { remote, mask }, learned }) {
    const { stack, tag, id } = release;
    const files = {
      'stack.yml': renderStack(release, learned.digests),
      'release.json': `${JSON.stringify({ stack, tag, id, digests: learned.digests }, null, 2)}\n`,
    };
    const { exitCode, stderr } = await remote.run(renderUpload(release, files));
    if (exitCode === 0) return undefined;
    throw new DeployError('DEPLOY_FAILED', 'the bundle could not be written on the manager', {
      details: [mask(stderr.trim())],
    });
  },
  async undo({ release, tools: { remote } }) {
    await remote.run(renderRemoveBundle(release));
  },
};

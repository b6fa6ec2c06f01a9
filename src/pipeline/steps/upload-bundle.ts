import { renderRemoveBundle, renderUpload } from '../../plan/render/render-scripts.ts';
import { DeployError } from '../../shared/errors.ts';
import { stackFileOf } from '../stack-file.ts';
import type { Step } from '../step.ts';

export const uploadBundle: Step = {
  name: 'upload the bundle',
  describe: ({ stack, id }) => [`~/.waggle/${stack}/${id} on the manager: stack.yml, release.json`],
  async run(deployment) {
    const { release, tools, outputs } = deployment;
    const { remote, signal } = tools;
    const { stack, tag, id } = release;
    const files = {
      'stack.yml': stackFileOf(deployment),
      'release.json': `${JSON.stringify({ stack, tag, id, digests: outputs.digests }, null, 2)}\n`,
    };
    const { exitCode, stderr } = await remote.run(renderUpload(release, files), { signal });
    if (exitCode === 0) return undefined;
    throw new DeployError('DEPLOY_FAILED', 'the bundle could not be written on the manager', {
      details: [stderr.trim()],
    });
  },
  async undo({ release, tools: { remote } }) {
    await remote.run(renderRemoveBundle(release));
  },
};

import { MISSING_HINT, renderMissing } from '../plan/render/render-missing.ts';
import { DeployError } from '../shared/errors.ts';
import type { Check } from './check.ts';

/** Without them a deploy would fail half way, with secrets made and services changed. */
export const programsFound: Check = {
  name: 'the shell of the manager finds docker',
  async run({ tools: { remote } }) {
    const missing = (await remote.run(renderMissing())).stdout.split('\n').filter(Boolean);
    if (missing.length === 0) return;
    throw new DeployError(
      'PREFLIGHT_FAILED',
      `the shell of the manager does not find ${missing.join(', ')}`,
      { hint: MISSING_HINT },
    );
  },
};

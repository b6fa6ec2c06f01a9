import type { LookAt } from '../../src/init/bind-configs.ts';
import { planStackFile } from '../../src/init/plan-stack-file.ts';

/** The stack file of a compose file at the root of a project. `files`: those that a config can hold. */
export const planText = (text: string, files: Readonly<Record<string, ReturnType<LookAt>>> = {}) =>
  planStackFile({
    file: 'compose.yml',
    text,
    way: { top: '', from: '', to: 'deploy' },
    secrets: 'deploy/secrets',
    lookAt: (file) => files[file],
  });

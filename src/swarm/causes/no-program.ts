import type { Cause } from './cause.ts';

export const noProgram: Cause = {
  name: 'no program',
  explain({ task: { error, exitCode } }) {
    const [, program] =
      /exec: "([^"]+)": (?:executable file not found|stat|permission denied)/.exec(error) ?? [];
    if (program)
      return `its image has no program ${program}: look at command: and entrypoint:, and at the Dockerfile`;
    return exitCode === 127 ? 'its command names a program that the image does not have' : undefined;
  },
};

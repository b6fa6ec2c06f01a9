import type { Cause } from './cause.ts';

const TODO = 'look at command: and entrypoint:, and at the Dockerfile';
/** The runtime's words in a container's log: the file exists, and its interpreter does not. */
const NO_INTERPRETER = /exec (?:\S+|user process caused): no such file or directory/;

export const noProgram: Cause = {
  name: 'no program',
  explain({ task: { error, exitCode }, log }) {
    const [, program, why] =
      /exec: "([^"]+)": (executable file not found|stat|permission denied|is a directory)/.exec(error) ?? [];
    if (/no command specified/.test(error))
      return 'its image does not say what to run: give it a command:, or a CMD in the Dockerfile';
    if (why === 'permission denied')
      return `${program} is in its image, and may not be run: \`chmod +x\` it in the Dockerfile, or look at user:`;
    if (program) return `its image has no program ${program}: ${TODO}`;
    if (log.some((line) => NO_INTERPRETER.test(line)))
      return 'the program exists, but its interpreter does not: a #! line that names what the image does not have, or that ends as on Windows; or a program that was linked for another libc';
    if (exitCode === 126) return `its command names what cannot be run: ${TODO}`;
    return exitCode === 127 ? 'its command names a program that the image does not have' : undefined;
  },
};

import { MISSING_HINT, renderMissing } from '../../plan/render/render-missing.ts';
import { type Checkup, fine, onEachHost, problem, warning } from '../checkup.ts';

const MOST_CHARACTERS = 60;

/** What the settings of the user's shell do to commands over SSH. */
export const loginShell: Checkup = {
  name: 'login shell',
  async look({ hosts }) {
    return onEachHost(hosts, async ({ remote }) => {
      const { stdout, greeting } = await remote.run(renderMissing());
      const missing = stdout.split('\n').filter(Boolean);
      const [line] = greeting.split('\n').filter((text) => text.trim() !== '');
      const found = [
        ...missing.map((program) => problem(`it does not find ${program}`, MISSING_HINT)),
        ...(line === undefined ? [] : [warning(...describeGreeting(line))]),
      ];
      return found.length > 0 ? found : [fine('it runs commands, and prints nothing else')];
    });
  },
};

function describeGreeting(line: string): [string, string] {
  const shown = line.length > MOST_CHARACTERS ? `${line.slice(0, MOST_CHARACTERS)}…` : line;
  return [
    `it prints ${JSON.stringify(shown)} before the output of commands: Waggle ignores that, scp and rsync do not`,
    'print it in ~/.bashrc there only if `[ -t 1 ]`',
  ];
}

import { docker, ensureEngine } from './engine.ts';
import { labDown, labUp } from './lab.ts';
import { reset } from './reset.ts';
import { labName } from './topology.ts';

const COMMANDS: Readonly<Record<string, () => Promise<void>>> = {
  up: async () => say(`the lab "${(await labUp()).name}" is up`),
  down: async () => {
    await labDown();
    say(`the lab "${labName()}" is gone`);
  },
  reset: async () => reset(await labUp()),
  status: async () => {
    const filter = ['--filter', `label=waggle.lab=${labName()}`, '--format', '{{.Names}}  {{.Status}}'];
    say((await docker(await ensureEngine(), ['ps', '--all', ...filter])) || 'no such lab');
  },
};

const command = COMMANDS[process.argv[2] ?? ''];
if (command) await command();
else {
  say('usage: npm run lab -- up|down|reset|status   (WAGGLE_LAB names the lab; the default is "default")');
  process.exitCode = 64;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

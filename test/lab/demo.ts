import type { Progress } from '../../src/lab/progress.ts';
import { labUp } from './lab.ts';
import { Operator } from './operator.ts';
import { reset } from './reset.ts';

const progress: Progress = {
  phase(what, run) {
    say(what);
    return run();
  },
  say: (line) => say(`  ${line}`),
};
/** A full production deploy of the reference stack into a lab, watched; then three lines to try. */
const lab = await labUp(progress);
const operator = new Operator(lab);
await progress.phase('empty the Swarm, put waggle and the project there (usually 10 s)', async () => {
  await reset(lab);
  await operator.installWaggle();
  await operator.checkOut();
});
say('deploy the reference stack (usually 30 s)');

say('\noperator@workstation:~/project$ waggle deploy\n');
const { code } = await operator.waggle(['deploy'], { onOutput: (text) => process.stdout.write(text) });
process.exitCode = code;
if (code === 0) await showAround();

async function showAround(): Promise<void> {
  const [manager] = lab.managers;
  say('\nwhat runs now, as the Swarm says it:\n');
  say(await manager.run(['docker', 'service', 'ls']));
  say(`\nand its answer: ${await operator.sh('curl --silent http://bastion.lab:8080/health')}`);
  say('\ntry:');
  say('  node dist/main.cjs lab sh                  # a shell there, as this operator');
  say('  FAULT_WORKER=worker-crash waggle deploy    # in it: a release that fails, and is restored');
  say('  node dist/main.cjs lab down                # here: removes the lab');
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

import { labUp } from './lab.ts';
import { Operator } from './operator.ts';
import { reset } from './reset.ts';

/** A full production deploy of the reference stack into a lab, watched; then how to look around. */
say('bringing up the lab: three managers, a registry, a bastion, a workstation (minutes the first time)');
const lab = await labUp();
await reset(lab);
const operator = new Operator(lab);
await operator.installWaggle();
await operator.checkOut();

say('\noperator@workstation:~/project$ waggle deploy\n');
const { code } = await operator.waggle(['deploy'], { onOutput: (text) => process.stdout.write(text) });
process.exitCode = code;
if (code === 0) await showAround();

async function showAround(): Promise<void> {
  const [manager] = lab.managers;
  say('\nwhat runs now, as the Swarm says it:\n');
  say(await manager.run(['docker', 'service', 'ls']));
  say(`\nand its answer: ${await operator.sh('curl --silent http://bastion.lab:8080/health')}`);
  const host = lab.engine.socket ? `DOCKER_HOST=${lab.engine.socket} ` : '';
  say('\nlook around:');
  say(`  ${host}docker exec -it ${manager.container} docker stack ps shop`);
  say(`  ${host}docker exec -it -u operator -w /home/operator/project ${lab.workstation.container} bash`);
  say('  there: waggle deploy, waggle deploy --dry-run, FAULT_WORKER=worker-crash waggle deploy');
  say('remove it all: npm run lab -- down');
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installWaggle } from '../lab/install-waggle.ts';
import { labDown, labUp } from '../lab/lab.ts';
import { moveIn, PROJECT } from '../lab/move-in.ts';
import { DeployError, messageOf } from '../shared/errors.ts';
import type { RunContext } from './run-context.ts';
import { timed } from './run-steps.ts';

/** Of the built program, and of a checkout of Waggle. */
const PACKAGE = ['..', '../..']
  .map((path) => fileURLToPath(new URL(path, import.meta.url)))
  .find((path) => existsSync(join(path, 'package.json')));

const nameOf = ({ environment }: RunContext) => environment.WAGGLE_LAB || 'default';

/** Brings up a Swarm of three managers in containers of this machine, with a copy of the project to deploy into it. */
export async function openLab(context: RunContext): Promise<void> {
  const { log, root, print } = context;
  if (!existsSync(join(root, 'deploy')))
    throw new DeployError('CONFIG_INVALID', 'deploy/: there is no such folder in this project', {
      hint: '`waggle init` writes one',
    });
  const said = 'bring up three managers, a registry, a bastion and a machine to deploy from';
  const lab = await timed(log, said, () => labUp(nameOf(context)).catch(refuse));
  const { workstation, engine } = lab;
  await timed(log, 'put waggle and a copy of this project there', async () => {
    await installWaggle([workstation], PACKAGE ?? '').catch(refuse);
    await moveIn(workstation, root);
  });
  const host = engine.socket ? `DOCKER_HOST=${engine.socket} ` : '';
  print(
    [
      `the lab "${lab.name}" is up; to deploy into it, with settings for it and made-up secrets:`,
      `  ${host}docker exec -it -u operator -w ${PROJECT} ${workstation.container} bash`,
      '  waggle deploy',
    ].join('\n'),
  );
}

export async function closeLab(context: RunContext): Promise<void> {
  await timed(context.log, 'remove the lab', () => labDown(nameOf(context)).catch(refuse));
}

function refuse(error: unknown): never {
  throw new DeployError('PREFLIGHT_FAILED', messageOf(error), {
    hint: 'the lab needs Docker, and may use some gigabytes of disk and memory',
    cause: error,
  });
}

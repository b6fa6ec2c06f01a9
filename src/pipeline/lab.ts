import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { addressOf } from '../lab/address.ts';
import { installWaggle } from '../lab/install-waggle.ts';
import { findLab, labDown, labUp } from '../lab/lab.ts';
import { moveIn } from '../lab/move-in.ts';
import { openShell } from '../lab/open-shell.ts';
import { type Lab, PORTS, REGISTRY, STAND_INS } from '../lab/topology.ts';
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
  const lab = await labUp(nameOf(context), {
    phase: (what, run) => timed(log, what, run),
    say: (line) => log.info(line),
  }).catch(refuse);
  await timed(log, 'put waggle and a copy of this project on the workstation (usually 1 s)', async () => {
    await installWaggle([lab.workstation], PACKAGE ?? '').catch(refuse);
    await moveIn(lab.workstation, root);
  });
  print(await describeLab(lab));
}

/** What somebody needs who sees the lab for the first time. */
async function describeLab(lab: Lab): Promise<string> {
  const addresses = await Promise.all(lab.managers.map((manager) => addressOf(lab, manager)));
  const inside = Object.entries(PORTS).map(
    ([port, published]) => `http://bastion.lab:${port} for ${published}`,
  );
  const images = STAND_INS.map((image) => `${REGISTRY.host}/${image}`);
  return [
    `the lab "${lab.name}" is up; to deploy into it, with settings for it and made-up secrets:`,
    `  ${commandOf(lab.name, 'sh')}      # a shell on the workstation, in a copy of this project`,
    '  waggle deploy      # there',
    `published ports: in that shell ${inside.join(', ')};`,
    `  from this machine any port of a manager: ${addresses.map((address) => `http://${address}:80`).join(', ')}`,
    ...((await hasRoutingMesh(lab))
      ? []
      : ['  the kernel here has no IPVS: only ports with `mode: host` answer']),
    `images: ${images.join(', ')}, and what you push;`,
    '  a build can start from node:20-slim; nothing else can be pulled',
  ].join('\n');
}

const hasRoutingMesh = async ({ managers: [manager] }: Lab) =>
  (await manager.exec(['test', '-e', '/proc/net/ip_vs'])).code === 0;

/** As somebody types it who has not exported the lab's name. */
const commandOf = (lab: string, verb: string) =>
  `${lab === 'default' ? '' : `WAGGLE_LAB=${lab} `}waggle lab ${verb}`;

/** Returns the exit code of the shell. */
export async function openLabShell(context: RunContext): Promise<number> {
  const name = nameOf(context);
  const lab = await findLab(name);
  const { environment, streams } = context;
  if (lab) return openShell(lab, { isTerminal: streams.input.isTTY === true, environment });
  throw new DeployError('PREFLIGHT_FAILED', `the lab "${name}" is not up`, {
    hint: `\`${commandOf(name, 'up')}\` starts it`,
  });
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

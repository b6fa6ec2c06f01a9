import { DeployError, messageOf } from '../shared/errors.ts';
import { clock } from './checks/clock.ts';
import { cluster } from './checks/cluster.ts';
import { disk } from './checks/disk.ts';
import { engines } from './checks/engines.ts';
import { images } from './checks/images.ts';
import { loginShell } from './checks/login-shell.ts';
import { managers } from './checks/managers.ts';
import { nodes } from './checks/nodes.ts';
import { overlay } from './checks/overlay.ts';
import { platforms } from './checks/platforms.ts';
import { ports } from './checks/ports.ts';
import { programs } from './checks/programs.ts';
import { registry } from './checks/registry.ts';
import { residue } from './checks/residue.ts';
import { sshd } from './checks/sshd.ts';
import { stack } from './checks/stack.ts';
import type { Checkup, DoctorContext, Finding } from './checkup.ts';

/** In the order of the output. */
export const checkups: readonly Checkup[] = [
  programs,
  cluster,
  managers,
  nodes,
  engines,
  platforms,
  ports,
  overlay,
  disk,
  clock,
  loginShell,
  sshd,
  registry,
  images,
  residue,
  stack,
];

export interface CheckupReport {
  readonly name: string;
  readonly findings: readonly Finding[];
}

/** All at once; none can keep another from being told. */
export async function runCheckups(context: DoctorContext): Promise<readonly CheckupReport[]> {
  return Promise.all(
    checkups.map(async ({ name, look }) => {
      return { name, findings: await look(context).catch((error: unknown) => [broken(error)]) };
    }),
  );
}

function broken(error: unknown): Finding {
  const hint = error instanceof DeployError ? error.hint : undefined;
  return { state: 'problem', said: messageOf(error), ...(hint && { todo: hint }) };
}

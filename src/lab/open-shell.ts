import { spawn } from 'node:child_process';
import { engineEnv } from './engine.ts';
import { PROJECT } from './move-in.ts';
import type { Lab } from './topology.ts';

interface ShellPlace {
  readonly isTerminal: boolean;
  readonly environment: Readonly<Record<string, string>>;
}

/** Opens a shell on the workstation, in the copy of the project, on this terminal. Returns its exit code. */
export function openShell(
  { engine, workstation }: Lab,
  { isTerminal, environment }: ShellPlace,
): Promise<number> {
  const terminal = isTerminal ? ['--tty'] : [];
  const place = ['--user', 'operator', '--workdir', PROJECT, workstation.container];
  const argv = ['exec', '--interactive', ...terminal, ...place, 'bash'];
  const child = spawn('docker', argv, { stdio: 'inherit', env: { ...environment, ...engineEnv(engine) } });
  return new Promise((done, fail) => {
    child.on('error', fail);
    child.on('close', (code) => done(code ?? 1));
  });
}

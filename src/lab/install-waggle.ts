import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { localShell } from '../shared/shell.ts';
import type { Machine } from './machine.ts';

const PARTS = ['dist', 'package.json', 'package-lock.json'];

/** Installs the CLI as its package would be: built, with production dependencies only. `source`: where it lies here. */
export async function installWaggle(machine: Machine, source: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'waggle-install-'));
  for (const part of PARTS.filter((name) => existsSync(join(source, name))))
    cpSync(join(source, part), join(folder, part), { recursive: true });
  // A package that was installed has no lockfile any more.
  const how = existsSync(join(folder, 'package-lock.json')) ? 'ci' : 'install';
  const { exitCode, stderr } = await localShell(['npm', how, '--omit=dev', '--ignore-scripts'], {
    cwd: folder,
  });
  if (exitCode !== 0) throw new Error(`cannot install the CLI: ${stderr}`);
  await machine.copyIn(folder, '/opt/waggle', 'root');
  rmSync(folder, { recursive: true });
  await machine.run(['ln', '-sf', '/opt/waggle/dist/main.cjs', '/usr/local/bin/waggle']);
  await machine.run(['chmod', '+x', '/opt/waggle/dist/main.cjs']);
}

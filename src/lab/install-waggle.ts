import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Machine } from './machine.ts';

const PARTS = ['dist', 'package.json'];
const FOLDER = '/opt/waggle';
/** What is installed there, by its hash. */
const STAMP = `${FOLDER}/.stamp`;

/**
 * Installs the CLI on machines that do not have just this one, as its package would be: built, and
 * without any dependency. `source`: where it lies here.
 */
export async function installWaggle(machines: readonly Machine[], source: string): Promise<void> {
  const stamp = hashOf(source);
  const has = await Promise.all(machines.map(async (machine) => (await machine.exec(['cat', STAMP])).stdout));
  const without = machines.filter((_, at) => has[at] !== stamp);
  if (without.length === 0) return;
  const folder = stage(source);
  await Promise.all(without.map((machine) => install(machine, folder, stamp)));
  rmSync(folder, { recursive: true });
}

function stage(source: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'waggle-install-'));
  for (const part of PARTS.filter((name) => existsSync(join(source, name))))
    cpSync(join(source, part), join(folder, part), { recursive: true });
  return folder;
}

async function install(machine: Machine, folder: string, stamp: string): Promise<void> {
  await machine.copyIn(folder, FOLDER, 'root');
  await machine.run(['ln', '-sf', `${FOLDER}/dist/main.cjs`, '/usr/local/bin/waggle']);
  await machine.run(['chmod', '+x', `${FOLDER}/dist/main.cjs`]);
  await machine.writeFile(STAMP, stamp);
}

function hashOf(source: string): string {
  const hash = createHash('sha256');
  // V8's cache is another with each build of the same.
  const files = PARTS.flatMap((part) => filesOf(join(source, part))).filter(
    (file) => !file.endsWith('.cache'),
  );
  for (const file of files.sort()) hash.update(file.slice(source.length)).update(readFileSync(file));
  return hash.digest('hex');
}

function filesOf(path: string): readonly string[] {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .map((file) => join(path, file))
    .filter((file) => statSync(file).isFile());
}

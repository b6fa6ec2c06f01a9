import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');
/** What a login gives, and how npm's registry is reached from here. */
const GIVEN = /^(PATH|HOME|NODE_EXTRA_CA_CERTS|SSL_CERT_\w+|(HTTPS?|NO)_PROXY)$/i;
const LOGIN = Object.fromEntries(Object.entries(process.env).filter(([name]) => GIVEN.test(name)));

export interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** This checkout as a fresh clone has it: what git lists, and nothing that was installed, built or filled in. */
export function cloneCheckout(): string {
  const folder = mkdtempSync(join(tmpdir(), 'waggle-clone-'));
  const copy = 'git ls-files -z | tar --null -T - -c | tar -xm -C "$0"';
  execFileSync('sh', ['-c', copy, folder], { cwd: ROOT });
  const commit = 'git init -q && git add -A && git -c user.name=a -c user.email=a@b commit -qm first';
  execFileSync('sh', ['-c', commit], { cwd: folder });
  return folder;
}

/** Runs a line of shell as somebody types it who has nothing set but this. */
export function type(line: string, cwd: string, env: Readonly<Record<string, string>> = {}): Run {
  return spawnSync('sh', ['-c', line], { cwd, env: { ...LOGIN, ...env }, encoding: 'utf8' });
}

/** A PATH whose first folder has this program. */
export function pathWith(folder: string, program: string, script: string): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, program), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return `${folder}:${LOGIN.PATH}`;
}

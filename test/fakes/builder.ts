import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, vi } from 'vitest';
import type { Release } from '../../src/plan/release/release.ts';
import type { Shell, ShellOptions } from '../../src/shared/shell.ts';
import { NO_GIT, release } from './inputs.ts';

/** What the fake builder pushes. */
export const IMAGE = 'r.io/team/api:1';
export const PUSHED = 'sha256:aa';

/** Builds one image, of a tree that is built as it lies there: git is not asked. */
export function builtRelease(environment: Readonly<Record<string, string>> = {}, how = ''): Release {
  const stack = `services: { api: { image: "${IMAGE}", build: { context: . ${how} } } }`;
  return release({ environment: { DEPLOY_TAG: '1', ...environment }, git: NO_GIT }, stack);
}

/** This machine's own folders, without what the user has in them. */
export function useEmptyMachine(): void {
  let root = '';
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'builder-test-'));
    for (const folder of ['own', 'tmp']) mkdirSync(join(root, folder));
    vi.stubEnv('DOCKER_CONFIG', join(root, 'own'));
    vi.stubEnv('TMPDIR', join(root, 'tmp'));
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(root, { recursive: true });
  });
}

/** A machine with buildx: each bake says the next of these, and succeeds when there is none left. */
export function fakeBuilder({ failures = [], help = '' }: { failures?: string[]; help?: string } = {}) {
  const bakes: {
    readonly argv: readonly string[];
    readonly env: ShellOptions['env'];
    readonly input: string;
  }[] = [];
  const local: Shell = async (argv, { env, input = '' } = {}) => {
    const done = { exitCode: 0, stdout: '', stderr: '' };
    if (argv.includes('--help')) return { ...done, stdout: help };
    if (!argv.includes('bake')) return done;
    bakes.push({ argv, env, input: String(input) });
    const stderr = failures.shift();
    if (stderr !== undefined) return { ...done, exitCode: 1, stderr };
    const metadata = argv[argv.indexOf('--metadata-file') + 1] ?? '';
    writeFileSync(metadata, JSON.stringify({ api: { 'containerimage.digest': PUSHED } }));
    return done;
  };
  return { local, bakes };
}

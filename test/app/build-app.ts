import { join, resolve } from 'node:path';
import { buildSync } from 'esbuild';

const ROOT = resolve(import.meta.dirname, '../..');
const PROGRAMS = ['api', 'worker', 'admin', 'healthcheck'] as const;
export type Program = (typeof PROGRAMS)[number];

export const BUILT = join(ROOT, 'node_modules/.built-app');

/** Before unit tests: the product's programs, built once for the dozens of processes that tests begin. */
export function setup(): void {
  buildSync({
    entryPoints: PROGRAMS.map((program) => join(ROOT, `app/src/${program}.ts`)),
    bundle: true,
    platform: 'node',
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    outdir: BUILT,
  });
}

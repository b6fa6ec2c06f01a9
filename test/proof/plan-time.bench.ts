// Proves: `waggle plan --offline` of the reference stack takes at most 250 ms as a whole process.
import { execFileSync, spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createSampleProject } from '../../scripts/sample-project.ts';
import { median } from '../lab/measure.ts';

/**
 * How long `waggle plan --offline` of the reference stack takes as a whole process, beside a Node that does nothing
 * and Docker's own reading of the same file. All in one run, in turns, so that the machine's mood is the same.
 */
const ROOT = resolve(import.meta.dirname, '../..');
const ROUNDS = 21;
const GOAL_MS = 250;

const project = createSampleProject();
try {
  writePlainStack();
  const names = Object.keys(commands());
  const times = new Map(names.map((name) => [name, [] as number[]]));
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [name, argv] of Object.entries(commands())) {
      const ms = time(argv);
      // The first round warms the disk's cache.
      if (round > 0) times.get(name)?.push(ms);
    }
  }
  const medians = names.map((name) => [name, median(times.get(name) ?? [])] as const);
  for (const [name, ms] of medians)
    process.stdout.write(`${name.padEnd(24)} ${ms.toFixed(0).padStart(5)} ms\n`);
  const [, waggle = 0] = medians.find(([name]) => name.startsWith('waggle')) ?? [];
  process.stdout.write(`goal: ${GOAL_MS} ms, ${waggle <= GOAL_MS ? 'met' : 'MISSED'}\n`);
  process.exitCode = waggle <= GOAL_MS ? 0 : 1;
} finally {
  rmSync(project.folder, { recursive: true });
}

function commands(): Record<string, readonly string[]> {
  return {
    'node -e 0': ['node', '-e', '0'],
    'waggle plan --offline': ['node', join(ROOT, 'dist/main.cjs'), 'plan', '--offline'],
    'docker stack config': ['docker', 'stack', 'config', '--compose-file', join(project.folder, 'plain.yml')],
  };
}

/** What Docker is to read. */
function writePlainStack(): void {
  // Docker knows no ${NAME}_SECRET, and no variable without a value: names will do, for reading is what is timed.
  const plain = execFileSync('sed', [
    '-e',
    's/: "${[A-Z_]*_SECRET}"/: x/',
    '-e',
    's/${[A-Z_]*:-\\([^}]*\\)}/\\1/g',
    '-e',
    's/${[A-Z_]*}/x/g',
    join(project.folder, 'deploy/stack.yml'),
  ]);
  writeFileSync(join(project.folder, 'plain.yml'), plain);
}

function time([program = '', ...argv]: readonly string[]): number {
  const env = { ...process.env, ...project.env };
  const start = performance.now();
  const { status, stderr } = spawnSync(program, argv, { cwd: project.folder, env, encoding: 'utf8' });
  const ms = performance.now() - start;
  if (status !== 0) throw new Error(`${program} ${argv.join(' ')}: ${stderr}`);
  return ms;
}

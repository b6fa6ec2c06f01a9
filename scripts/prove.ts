import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { labDown } from '../src/lab/lab.ts';
import {
  FOLDER,
  orderByAge,
  type Proof,
  parseResults,
  type Result,
  readProofs,
  renderPage,
  TABLE,
  WITHOUT_LAB,
} from './proof-table.ts';

/** Runs proofs, two at a time on labs of their own, and writes what became of each to docs/PROOF.md. */
const ROOT = resolve(import.meta.dirname, '..');
const LOGS = join(ROOT, 'node_modules/.proofs');
const LANES = 2;
/** Two checkouts that prove at once need labs of different names. */
const LAB = process.env.WAGGLE_LAB ?? 'proof';
/** What takes this long hangs. */
const MOST_MS = 30 * 60_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { list: { type: 'boolean' }, all: { type: 'boolean' }, minutes: { type: 'string' } },
});
const proofs = readProofs();
if (values.list) for (const { name, proves } of proofs) console.log(`${name.padEnd(18)} ${proves}`);
else process.exitCode = await prove(choose());

function choose(): readonly Proof[] {
  const results = parseResults(readFileSync(TABLE, 'utf8'));
  if (values.all) return orderByAge(proofs, results);
  const unknown = positionals.filter((name) => !proofs.some((proof) => proof.name === name));
  if (unknown.length === 0 && positionals.length > 0)
    return proofs.filter(({ name }) => positionals.includes(name));
  console.error(
    `${unknown.length > 0 ? `no such proof: ${unknown.join(', ')}\n` : ''}usage: ./scripts/prove --list | NAME... | --all [--minutes N]`,
  );
  process.exit(64);
}

/** Each lane takes the next proof until there is none, or no time to begin one. Gives the exit status. */
async function prove(chosen: readonly Proof[]): Promise<number> {
  mkdirSync(LOGS, { recursive: true });
  const end = performance.now() + Number(values.minutes ?? Number.POSITIVE_INFINITY) * 60_000;
  const waiting = [...chosen];
  const verdicts: string[] = [];
  const lanes = Array.from({ length: Math.min(LANES, chosen.length) }, (_, at) => `${LAB}${at + 1}`);
  const work = async (lab: string) => {
    for (let proof = waiting.shift(); proof && performance.now() < end; proof = waiting.shift())
      verdicts.push(await proveOne(proof, lab));
  };
  await Promise.all(lanes.map(work));
  // Of each proof's only worker.
  const hasLabs = chosen.some(({ file }) => !WITHOUT_LAB.includes(file));
  if (hasLabs && process.env.WAGGLE_LAB_KEEP !== '1') for (const lab of lanes) await labDown(`${lab}-1`);
  if (verdicts.length < chosen.length)
    console.log(`${chosen.length - verdicts.length} were not begun: no time left`);
  return verdicts.every((verdict) => verdict === 'green') ? 0 : 1;
}

async function proveOne(proof: Proof, lab: string): Promise<string> {
  const commit = revision();
  const start = performance.now();
  const { isGreen, output } = await run(proof, lab);
  const seconds = Math.round((performance.now() - start) / 1000);
  const verdict = isGreen ? 'green' : '**red**';
  const date = new Date().toISOString().slice(0, 16).replace('T', ' ');
  const took = `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  writeFileSync(join(LOGS, `${proof.name}.log`), output);
  keep(proof, { verdict, date, commit, took, figures: figuresOf(output) });
  console.log(`${verdict} ${proof.name} (${took}) node_modules/.proofs/${proof.name}.log`);
  return verdict;
}

function run({ file }: Proof, lab: string): Promise<{ isGreen: boolean; output: string }> {
  const isBench = file.endsWith('.bench.ts');
  const argv = isBench
    ? ['tsx', join(FOLDER, file)]
    : [
        'vitest',
        'run',
        '--project',
        WITHOUT_LAB.includes(file) ? 'proof-alone' : 'proof',
        join(FOLDER, file),
      ];
  const child = spawn('npx', argv, {
    cwd: ROOT,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, WAGGLE_LAB: lab, WAGGLE_LAB_KEEP: '1', VITEST_POOL_ID: '1', NO_COLOR: '1' },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk));
  const timer = setTimeout(() => process.kill(-(child.pid ?? 0), 'SIGKILL'), MOST_MS);
  return new Promise((done) =>
    child.on('close', (code) => {
      clearTimeout(timer);
      done({ isGreen: code === 0, output });
    }),
  );
}

/** Read just before it is written: another lane may have written meanwhile. */
function keep({ name }: Proof, result: Result): void {
  const page = readFileSync(TABLE, 'utf8');
  writeFileSync(TABLE, renderPage(page, proofs, new Map([...parseResults(page), [name, result]])));
}

/** What a benchmark measured; how many tests there were, and the reasons of those that failed. */
function figuresOf(output: string): string {
  const lines = output.split('\n').map((line) => line.trim());
  const wanted = lines.filter((line) =>
    /: (met|MISSED)$|, (met|MISSED)$|^Tests +|^FAILED: |^flaky: |^figure: /.test(line),
  );
  return wanted
    .map((line) =>
      line
        .replace(/^figure: /, '')
        .replace(/ +/g, ' ')
        .replaceAll('|', '/')
        .slice(0, 160),
    )
    .join('; ');
}

function revision(): string {
  const git = (...argv: string[]) => execFileSync('git', argv, { cwd: ROOT, encoding: 'utf8' }).trim();
  const isDirty = git('status', '--porcelain', '--', '.', ':!docs/PROOF.md') !== '';
  return `${git('rev-parse', '--short', 'HEAD')}${isDirty ? '+' : ''}`;
}

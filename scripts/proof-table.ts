import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const FOLDER = resolve(import.meta.dirname, '../test/proof');
export const TABLE = resolve(import.meta.dirname, '../docs/PROOF.md');

/** Proofs that run without a lab. */
export const WITHOUT_LAB = ['compose-oracle.proof.ts'];

export interface Proof {
  readonly name: string;
  /** `.proof.ts` is run by Vitest, `.bench.ts` by itself. */
  readonly file: string;
  /** One sentence: the first line of its file. */
  readonly proves: string;
}

export interface Result {
  readonly verdict: string;
  /** yyyy-mm-dd hh:mm, UTC. */
  readonly date: string;
  readonly commit: string;
  readonly took: string;
  readonly figures: string;
}

const NEVER: Result = { verdict: 'not run yet', date: '', commit: '', took: '', figures: '' };

export function readProofs(): readonly Proof[] {
  const files = readdirSync(FOLDER).filter((file) => /\.(proof|bench)\.ts$/.test(file));
  return files.sort().map((file) => {
    const [, proves = ''] = /^\/\/ Proves: (.*)/.exec(readFileSync(join(FOLDER, file), 'utf8')) ?? [];
    return { name: file.replace(/\.(proof|bench)\.ts$/, ''), file, proves };
  });
}

/** Proof -> its last result. */
export function parseResults(page: string): ReadonlyMap<string, Result> {
  const rows = page.split('\n').filter((line) => line.startsWith('| `'));
  return new Map(
    rows.map((row) => {
      const [name = '', , verdict = '', date = '', commit = '', took = '', figures = ''] = row
        .slice(1)
        .split(' | ')
        .map((cell) => cell.replace(/\|$/, '').trim());
      return [name.replaceAll('`', ''), { verdict, date, commit, took, figures }];
    }),
  );
}

const HEAD = [
  '| proof | proves that | verdict | when (UTC) | commit | took | figures |',
  '|---|---|---|---|---|---|---|',
];

/** The page with the table made anew; all else on it stays. */
export function renderPage(
  page: string,
  proofs: readonly Proof[],
  results: ReadonlyMap<string, Result>,
): string {
  const rows = proofs.map(({ name, proves }) => {
    const { verdict, date, commit, took, figures } = results.get(name) ?? NEVER;
    return `| ${[`\`${name}\``, proves, verdict, date, commit, took, figures].join(' | ')} |`;
  });
  const lines = page.split('\n');
  const start = lines.indexOf(HEAD[0] ?? '');
  const before = start < 0 ? lines : lines.slice(0, start);
  // The first table only: the page has others.
  const end = lines.findIndex((line, at) => at > start && !line.startsWith('|'));
  const rest = start < 0 || end < 0 ? [] : lines.slice(end);
  return [...before, ...HEAD, ...rows, ...rest].join('\n');
}

/** Those that never ran first, then the one that ran longest ago: what was cut short goes on where it was. */
export function orderByAge(proofs: readonly Proof[], results: ReadonlyMap<string, Result>): readonly Proof[] {
  const dateOf = ({ name }: Proof) => results.get(name)?.date ?? '';
  return proofs.toSorted((a, b) => dateOf(a).localeCompare(dateOf(b)));
}

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { commands } from '../src/cli/commands.ts';
import { judgeHelp } from './words/judge-help.ts';
import { type Hit, judgePage } from './words/judge-page.ts';
import { judgeSource } from './words/judge-source.ts';

/** Finds words and shapes that the documents, messages and help must not have. `--all` also judges comments. */
const ROOT = join(import.meta.dirname, '..');
const isAll = process.argv.includes('--all');
const files = execFileSync(
  'git',
  ['ls-files', '--cached', '--others', '--exclude-standard', '*.md', 'src/*.ts'],
  {
    cwd: ROOT,
    encoding: 'utf8',
  },
);
/** Measured, not written. */
const EXCEPTED = ['docs/PROOF.md'];

function judge(file: string): readonly Hit[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  if (file.endsWith('.md')) return judgePage(text);
  const { shown, comments } = judgeSource(text);
  return [
    ...shown,
    ...(isAll ? comments.map((hit) => ({ ...hit, message: `comment: ${hit.message}` })) : []),
  ];
}

const found = files
  .split('\n')
  .filter((file) => file && !EXCEPTED.includes(file) && existsSync(join(ROOT, file)))
  .flatMap((file) => judge(file).map(({ line, message }) => `${file}:${line}: ${message}`));
const help = commands.flatMap(judgeHelp);
for (const line of [...found, ...help]) console.error(line);
if (found.length + help.length > 0) {
  console.error(`${found.length + help.length} places: see scripts/words/terms.ts`);
  process.exitCode = 1;
}

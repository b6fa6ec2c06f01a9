import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import type { Output, RunningCommand } from '../../src/lab/machine.ts';
import type { Operator } from './operator.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const HOME = '/tmp/runner';
const ALWAYS = 'always()';

/** What a repository's settings hold, and what starts the run. */
export interface Settings {
  readonly secrets: Readonly<Record<string, string>>;
  readonly vars: Readonly<Record<string, string>>;
  readonly inputs?: Readonly<Record<string, string>>;
  /** Expressions beyond names, as the workflow writes them. */
  readonly expressions?: Readonly<Record<string, string>>;
  /** What the runner's machine has set. */
  readonly env: Readonly<Record<string, string>>;
}

interface Step {
  readonly id?: string;
  readonly name?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

interface Workflow {
  readonly env?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<
    Record<string, { readonly env?: Readonly<Record<string, string>>; readonly steps: readonly Step[] }>
  >;
}

export interface JobResult {
  /** Step id -> its outputs. */
  readonly outputs: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** The pages that the steps wrote. */
  readonly summary: string;
  /** Of the last step that was run, those that always are left out. */
  readonly last: Output;
}

/** Something to do to the shell of a step while it runs. */
export type Meddle = (step: string, running: RunningCommand) => void;

/**
 * Runs the `run:` steps of a job, and those of this repository's own action, as GitHub's runner does: a file for each
 * script, GitHub's variables and files around it. Other actions are passed over. What comes after a step that failed is
 * passed over, unless it is always to be.
 */
export async function runJob(
  operator: Operator,
  file: string,
  job: string,
  settings: Settings,
  meddle: Meddle = () => {},
  onOutput: (text: string) => void = () => {},
): Promise<JobResult> {
  const workflow = parse(readFileSync(join(ROOT, '.github/workflows', file), 'utf8')) as Workflow;
  const own = workflow.jobs[job];
  if (!own) throw new Error(`${file} has no job ${job}`);
  await operator.sh(`rm -rf ${HOME} && mkdir -p ${HOME} && touch ${HOME}/path ${HOME}/summary ${HOME}/env`);
  const outputs: Record<string, Record<string, string>> = {};
  let last: Output = { code: 0, stdout: '', stderr: '' };
  const scope = (inputs = settings.inputs ?? {}, steps = outputs) => ({ ...settings, inputs, steps });
  const around = { ...workflow.env, ...own.env };

  const runScript = async (step: Step, env: Record<string, string>, resolved: Scope) => {
    if (step.if !== undefined && !holds(step.if, resolved)) return {};
    const output = `${HOME}/output`;
    await operator.sh(`: >${output}`);
    await operator.machine.writeFile(`${HOME}/step.sh`, step.run ?? '', { owner: 'operator' });
    const script = `PATH="$(tr '\\n' ':' <${HOME}/path)$PATH" exec bash --noprofile --norc -eo pipefail ${HOME}/step.sh`;
    const running = operator.machine.start(['bash', '-c', script], {
      user: 'operator',
      cwd: '/home/operator/project',
      env: {
        ...settings.env,
        ...fill(around, resolved),
        ...env,
        ...fill(step.env ?? {}, resolved),
        ...runner(output),
      },
      onOutput,
    });
    meddle(step.name ?? '', running);
    last = await running.output;
    const lines = (await operator.sh(`cat ${output}`)).split('\n').filter(Boolean);
    return Object.fromEntries(
      lines.map((line) => [line.split('=', 1)[0], line.slice(line.indexOf('=') + 1)]),
    );
  };

  let hasFailed = false;
  for (const step of own.steps) {
    const isAlways = step.if === ALWAYS;
    if (hasFailed && !isAlways) continue;
    if (step.if !== undefined && !holds(step.if, scope())) continue;
    const verdict = last;
    let made: Record<string, string> = {};
    if (step.uses === './') {
      const env = fill(step.env ?? {}, scope());
      const within: Record<string, Record<string, string>> = {};
      const action = parse(readFileSync(join(ROOT, 'action.yml'), 'utf8')) as Action;
      const inputs = { command: '', ...fill(step.with ?? {}, scope()) };
      for (const inner of action.runs.steps) {
        within[inner.id ?? ''] = await runScript(inner, env, scope(inputs, within));
        if (last.code !== 0) break;
      }
      made = fill(
        Object.fromEntries(Object.entries(action.outputs).map(([name, { value }]) => [name, value])),
        scope(inputs, within),
      );
    } else if (step.run !== undefined) made = await runScript(step, {}, scope());
    if (step.id) outputs[step.id] = made;
    if (isAlways) last = verdict;
    hasFailed = last.code !== 0;
  }
  return { outputs, summary: await operator.sh(`cat ${HOME}/summary`), last };
}

interface Action {
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly steps: readonly Step[] };
}

interface Scope extends Settings {
  readonly steps: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const runner = (output: string) => ({
  CI: 'true',
  GITHUB_ACTIONS: 'true',
  GITHUB_SERVER_URL: 'https://github.com',
  GITHUB_REPOSITORY: 'lab/shop',
  GITHUB_RUN_ID: '42',
  GITHUB_ACTION_PATH: '/opt/waggle',
  GITHUB_OUTPUT: output,
  GITHUB_STEP_SUMMARY: `${HOME}/summary`,
  GITHUB_PATH: `${HOME}/path`,
  GITHUB_ENV: `${HOME}/env`,
  RUNNER_TEMP: HOME,
});

const fill = (values: Readonly<Record<string, string>>, scope: Scope): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      String(value).replace(/\$\{\{ *(.*?) *\}\}/g, (_all, expression: string) =>
        evaluate(expression, scope),
      ),
    ]),
  );

/** A name that is not set is empty, as on GitHub. */
function evaluate(
  expression: string,
  { secrets, vars, inputs = {}, steps, expressions = {} }: Scope,
): string {
  if (Object.hasOwn(expressions, expression)) return expressions[expression] ?? '';
  const [, context, name = ''] = /^(secrets|vars|inputs)\.(\w+)$/.exec(expression) ?? [];
  if (context) return { secrets, vars, inputs }[context as 'vars'][name] ?? '';
  const [, id = '', output = ''] = /^steps\.(\w+)\.outputs\.(\w+)$/.exec(expression) ?? [];
  if (id) return steps[id]?.[output] ?? '';
  throw new Error(`the lab's runner does not know the expression ${expression}`);
}

/** `always()` or `inputs.command != ''`: the only kinds that the steps have. */
function holds(condition: string, scope: Scope): boolean {
  if (condition === ALWAYS) return true;
  const [, expression = ''] = /^(\S+) != ''$/.exec(condition) ?? [];
  return evaluate(expression, scope) !== '';
}

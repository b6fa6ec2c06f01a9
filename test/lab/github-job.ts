import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import type { Output, RunningCommand } from '../../src/lab/machine.ts';
import { fillIn, holds, type Scope } from './github-expression.ts';
import {
  checkOut,
  GITHUB,
  moveArtifact,
  parseStepFile,
  RUNNER_TEMP,
  runnerVariables,
  WORKSPACE,
  type Words,
} from './github-runner.ts';
import type { Action, Job, Settings, Step, Workflow } from './github-types.ts';
import type { Operator } from './operator.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const WORKFLOWS = join(ROOT, '.github/workflows');

export interface JobResult {
  /** Its `if` did not hold: nothing was run. */
  readonly isSkipped: boolean;
  /** Step id -> its outputs. */
  readonly outputs: Readonly<Record<string, Words>>;
  /** The job's own, for the next. */
  readonly given: Words;
  /** The pages that the steps wrote. */
  readonly summary: string;
  /** All that the steps printed. */
  readonly said: string;
  /** Of the last step that was run, those that always are left out. */
  readonly last: Output;
}

/** Something to do to the shell of a step while it runs. */
export type Meddle = (step: string, running: RunningCommand) => void;

export interface Watching {
  readonly meddle?: Meddle;
  readonly onOutput?: (text: string) => void;
}

/** A job of one of this repository's workflows. */
export function runJob(
  operator: Operator,
  file: string,
  job: string,
  settings: Settings,
  watching: Watching = {},
): Promise<JobResult> {
  return runWorkflow(operator, readFileSync(join(WORKFLOWS, file), 'utf8'), job, settings, watching);
}

/**
 * Runs the `run:` steps of a job, and those of this repository's own action, as GitHub's runner does: a file for each
 * script, GitHub's variables and files around it. Checkouts and artifacts are played; other actions are passed over.
 */
export async function runWorkflow(
  operator: Operator,
  text: string,
  job: string,
  settings: Settings,
  watching: Watching = {},
): Promise<JobResult> {
  const workflow = parse(text) as Workflow;
  const own = workflow.jobs[job];
  if (!own) throw new Error(`the workflow has no job ${job}`);
  const run = new JobRun(operator, { ...workflow.env, ...own.env }, settings, watching);
  if (!holds(own.if, run.scope())) return { ...run.result(own, ''), isSkipped: true };
  await operator.sh(
    `rm -rf ${RUNNER_TEMP} && mkdir ${RUNNER_TEMP} && cd ${GITHUB} && for file in path summary env; do : >$file; done`,
  );
  for (const step of own.steps) await run.take(step);
  return run.result(own, await operator.sh(`cat ${GITHUB}/summary`));
}

class JobRun {
  readonly #operator: Operator;
  readonly #around: Words;
  readonly #settings: Settings;
  readonly #watching: Watching;
  readonly #outputs: Record<string, Record<string, string>> = {};
  #last: Output = { code: 0, stdout: '', stderr: '' };
  #hasFailed = false;
  #said = '';

  constructor(operator: Operator, around: Words, settings: Settings, watching: Watching) {
    this.#operator = operator;
    this.#around = around;
    this.#settings = settings;
    this.#watching = watching;
  }

  scope(inputs = this.#settings.inputs ?? {}, steps = this.#outputs): Scope {
    const { secrets, vars, github, needs = {} } = this.#settings;
    const contexts = { secrets, vars, github, inputs, steps, needs };
    const lookup = (name: string) => {
      // steps and needs have their values one level down: steps.plan.outputs.changed.
      const [context = '', first = '', , second = ''] = name.split('.');
      const found = contexts[context as keyof typeof contexts]?.[first];
      return typeof found === 'object' ? found[second] : found;
    };
    return { lookup, hasFailed: this.#hasFailed };
  }

  async take(step: Step): Promise<void> {
    const scope = this.scope();
    if (!holds(step.if, scope)) return;
    const verdict = this.#last;
    const given = fill(step.with ?? {}, scope);
    let made: Record<string, string> = {};
    if (step.uses === './') made = await this.#runAction(given, fill(step.env ?? {}, scope));
    else if (step.uses?.startsWith('actions/checkout@'))
      await checkOut(this.#operator, this.#settings.github, given);
    else if (step.uses && /^actions\/\w+load-artifact@/.test(step.uses))
      await moveArtifact(this.#operator, step.uses, given);
    else if (step.run !== undefined) made = await this.#runScript(step, {}, scope);
    if (step.id) this.#outputs[step.id] = made;
    if (step.if === 'always()') this.#last = verdict;
    this.#hasFailed ||= this.#last.code !== 0;
  }

  async #runAction(given: Words, env: Words): Promise<Record<string, string>> {
    const action = parse(readFileSync(join(ROOT, 'action.yml'), 'utf8')) as Action;
    const defaults = Object.entries(action.inputs).map(([name, input]) => [name, input.default ?? '']);
    const inputs = { ...Object.fromEntries(defaults), ...given };
    const within: Record<string, Record<string, string>> = {};
    for (const inner of action.runs.steps) {
      const scope = this.scope(inputs, within);
      if (!holds(inner.if, scope)) continue;
      within[inner.id ?? ''] = await this.#runScript(inner, env, scope);
      if (this.#last.code !== 0) break;
    }
    const values = Object.entries(action.outputs).map(([name, { value }]) => [name, value]);
    return fill(Object.fromEntries(values), this.scope(inputs, within));
  }

  async #runScript(step: Step, env: Words, scope: Scope): Promise<Record<string, string>> {
    const { machine } = this.#operator;
    const sh = (text: string) => this.#operator.sh(text);
    await sh(`: >${GITHUB}/output`);
    await machine.writeFile(`${RUNNER_TEMP}/step.sh`, step.run ?? '', { owner: 'operator' });
    const script = `PATH="$(tr '\\n' ':' <${GITHUB}/path)$PATH" exec bash --noprofile --norc -eo pipefail ${RUNNER_TEMP}/step.sh`;
    const running = machine.start(['bash', '-c', script], {
      user: 'operator',
      cwd: join(WORKSPACE, fillIn(step['working-directory'] ?? '.', scope)),
      env: {
        ...this.#settings.env,
        ...fill(this.#around, this.scope()),
        ...parseStepFile(await sh(`cat ${GITHUB}/env`)),
        ...env,
        ...fill(step.env ?? {}, scope),
        ...runnerVariables(this.#settings.github),
      },
      onOutput: (text) => {
        this.#said += text;
        this.#watching.onOutput?.(text);
      },
    });
    this.#watching.meddle?.(step.name ?? '', running);
    this.#last = await running.output;
    return parseStepFile(await sh(`cat ${GITHUB}/output`));
  }

  result(own: Job, summary: string): JobResult {
    const given = fill(own.outputs ?? {}, this.scope());
    const [said, last] = [this.#said, this.#last];
    return { isSkipped: false, outputs: this.#outputs, given, summary, said, last };
  }
}

const fill = (values: Words, scope: Scope): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, fillIn(String(value), scope)]));

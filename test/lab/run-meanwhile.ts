import { expect } from 'vitest';
import { until } from '../../src/lab/engine.ts';
import type { Output, Signal } from '../../src/lab/machine.ts';
import type { Operator } from './operator.ts';

/** A command of Waggle's that goes on meanwhile. */
export interface Run {
  /** Waits until it has said one of these; fails when it is over without. Gives the first of them that it has said. */
  says(...texts: readonly (string | RegExp)[]): Promise<string | RegExp>;
  /** SIGKILL, unless another is given. */
  kill(signal?: Signal): Promise<void>;
  readonly output: Promise<Output>;
}

export type Meanwhile = (run: Run) => Promise<unknown>;

/** Begins the command, calls `meanwhile`, and gives what became of it. */
export async function runMeanwhile(
  operator: Operator,
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
  meanwhile: Meanwhile,
): Promise<Output> {
  let printed = '';
  const onOutput = (text: string) => (printed += text);
  const running = operator.startWaggle(argv, { env, onOutput });
  let isOver = false;
  const output = running.output.finally(() => (isOver = true));
  const hasSaid = (text: string | RegExp) =>
    typeof text === 'string' ? printed.includes(text) : text.test(printed);
  const says = async (...texts: readonly (string | RegExp)[]) => {
    const said = () => texts.find(hasSaid);
    await until(`it says ${texts.join(' or ')}`, async () => said() !== undefined || isOver);
    expect(said(), printed).toBeDefined();
    return said() ?? '';
  };
  await meanwhile({ says, kill: (signal = 'SIGKILL') => running.kill(signal), output });
  return output;
}

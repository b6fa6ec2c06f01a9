import { expect } from 'vitest';
import { until } from '../../src/lab/engine.ts';
import type { Output } from '../../src/lab/machine.ts';
import type { Parts, Probe } from './probe.ts';

type Environment = Readonly<Record<string, string>>;

/** Deploys of the probe that something happens to meanwhile. */
export class DisturbedDeploys {
  readonly #probe: Probe;
  #version = 0;

  constructor(probe: Probe) {
    this.#probe = probe;
  }

  get version(): number {
    return this.#version;
  }

  get tag(): Environment {
    return { DEPLOY_TAG: `v${this.#version}` };
  }

  /** Every task of `web` is to be another, and a secret. */
  async next(change: Partial<Parts> = {}): Promise<void> {
    this.#version++;
    await this.#probe.setStack({ environment: `{ A: "${this.#version}" }`, ...change });
    await this.#probe.setFile('secrets/password.txt', `probe-hunter2-${this.#version}`);
  }

  /** Deploys the next version; `when` it says something, `act` is done once. */
  async deployAnd(when: string, act: () => Promise<void>, env: Environment = {}): Promise<Output> {
    await this.next();
    let printed = '';
    const running = this.#probe.operator.startWaggle(['deploy', '--env', 'probe'], {
      env: { ...this.tag, ...env },
      onOutput: (text) => (printed += text),
    });
    let isOver = false;
    const output = running.output.finally(() => (isOver = true));
    await until(`it says ${when}`, async () => printed.includes(when) || isOver);
    expect(printed).toContain(when);
    await act();
    return output;
  }

  async expectDeployed(env: Environment = {}): Promise<void> {
    const { plan, output } = await this.#probe.plan({ ...this.tag, ...env });
    expect(output.code, output.stdout + output.stderr).toBe(0);
    expect(plan.services.map(({ action }) => action)).toEqual(['nothing', 'nothing']);
    expect((await this.#probe.tasks()).web).toHaveLength(2);
  }
}

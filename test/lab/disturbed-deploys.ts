import { expect } from 'vitest';
import { until } from '../../src/lab/engine.ts';
import type { Output } from '../../src/lab/machine.ts';
import type { Kind } from './kill-points.ts';
import type { Parts, Probe } from './probe.ts';

type Environment = Readonly<Record<string, string>>;

/** Of whatever kind it was, none is deployed twice. */
let version = 0;

/** Deploys of the probe that something happens to meanwhile. */
export class DisturbedDeploys {
  readonly #probe: Probe;
  readonly #kind: Kind;

  constructor(probe: Probe, kind: Kind = {}) {
    this.#probe = probe;
    this.#kind = kind;
  }

  get version(): number {
    return version;
  }

  get tag(): Environment {
    return { DEPLOY_TAG: `v${version}`, ...this.#kind.env };
  }

  /** Every task of `web` is to be another, and a secret. */
  async next(change: Partial<Parts> = {}): Promise<void> {
    version++;
    const { parts, dockerfile } = this.#kind;
    await this.#probe.setStack({ environment: `{ A: "${version}" }`, ...parts, ...change });
    await this.#probe.setFile('secrets/password.txt', `probe-hunter2-${version}`);
    if (!dockerfile) return;
    await this.#probe.setFile('app/Dockerfile', dockerfile);
    await this.#probe.operator.commit(`version ${version}`);
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

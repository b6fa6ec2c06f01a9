import { expect } from 'vitest';
import { until } from '../../src/lab/engine.ts';
import type { Machine, Output, Signal } from '../../src/lab/machine.ts';
import { PROJECT } from '../../src/lab/move-in.ts';
import type { Lab } from '../../src/lab/topology.ts';
import { readSecretNames, readSpecs, readStoredReleases } from './cluster.ts';
import { Operator } from './operator.ts';
import { type Parts, Probe } from './probe.ts';

/** A deploy that goes on meanwhile. */
interface Run {
  says(text: string | RegExp): Promise<void>;
  /** SIGKILL, unless another is given. */
  kill(signal?: Signal): Promise<void>;
  readonly output: Promise<Output>;
}

interface Beginning {
  readonly flags?: readonly string[];
  readonly change?: Partial<Parts>;
  readonly env?: Readonly<Record<string, string>>;
}

const HOOKS = ['pre-build', 'pre-deploy', 'on-rollback'];

/** Two machines with the same stack to deploy: what the first one leaves half done, the second one finds. */
export class TwoOperators {
  readonly first: Probe;
  readonly second: Probe;
  readonly #lab: Lab;
  #version = 0;

  constructor(lab: Lab) {
    this.#lab = lab;
    this.first = new Probe(new Operator(lab));
    this.second = new Probe(new Operator(lab, lab.laptop));
  }

  get version(): number {
    return this.#version;
  }

  /** A version runs that none before has been. */
  async setUp(): Promise<void> {
    await Promise.all(
      [this.first, this.second].map(async (probe) => {
        await probe.operator.checkOut();
        await probe.setUp();
        for (const name of HOOKS) await probe.setHook(name, 'true');
        // So that none is over before it is killed, or before the last of several has begun.
        await probe.setHook('post-deploy', 'case "$WAGGLE_TAG" in slow*) sleep 10 ;; esac');
      }),
    );
    await this.next();
    const { code, stderr } = await this.first.run(['deploy', '--on-interrupted=rollback']);
    expect(code, stderr).toBe(0);
  }

  /** Another version, with a secret of its own, for both. */
  async next(change: Partial<Parts> = {}): Promise<void> {
    const version = ++this.#version;
    for (const probe of [this.first, this.second]) {
      const environment = `{ VERSION: "${version}" }`;
      await probe.setStack({ environment, sideKeys: `environment: ${environment}`, ...change });
      await probe.setFile('secrets/password.txt', `probe-hunter2-never-shown-${version}`);
    }
  }

  /** The first one deploys the next version; `meanwhile` is called when it says that it begins that step. */
  async deployUntil(
    step: string,
    meanwhile: (run: Run) => Promise<unknown>,
    { flags = [], change = {}, env = {} }: Beginning = {},
  ): Promise<Output> {
    await this.next(change);
    let printed = '';
    const running = this.first.operator.startWaggle(['deploy', '--env', 'probe', ...flags], {
      env: { DEPLOY_TAG: `slow${this.version}`, ...env },
      onOutput: (text) => (printed += text),
    });
    let isOver = false;
    const output = running.output.finally(() => (isOver = true));
    const hasSaid = (text: string | RegExp) =>
      typeof text === 'string' ? printed.includes(text) : text.test(printed);
    const says = (text: string | RegExp) => until(`it says ${text}`, async () => hasSaid(text) || isOver);
    await says(`> ${step}`);
    expect(isOver, printed).toBe(false);
    await meanwhile({ says, kill: (signal = 'SIGKILL') => running.kill(signal), output });
    return output;
  }

  /** So many deploys, from both machines in turn, that begin in the same second. */
  async deployTogether(count: number, flags: readonly string[], tag: string): Promise<readonly Output[]> {
    const command = `waggle deploy --env probe ${flags.join(' ')}`;
    const start = Math.ceil(Date.now() / 1000) + count;
    const script = `while [ "$(date +%s)" -lt ${start} ]; do sleep 0.05; done; exec env DEPLOY_TAG=${tag} ${command}`;
    const by = (at: number) => (at % 2 === 0 ? this.first : this.second).operator.machine;
    const options = { user: 'operator', cwd: PROJECT };
    return Promise.all(Array.from({ length: count }, (_, at) => by(at).exec(['sh', '-c', script], options)));
  }

  killAt(step: string): Promise<Output> {
    return this.deployUntil(step, ({ kill }) => kill());
  }

  /** The first one is killed as it begins a step; the second one settles that. Then all is one release again. */
  async killAndRecover(step: string, choice: string): Promise<void> {
    await this.killAt(step);
    await this.unlock(this.#lab.managers[0]);
    await this.recover(choice);
    await this.expectWhole();
    const { code, stderr } = await this.second.run(['audit', 'verify']);
    expect(code, stderr).toBe(0);
    await this.expectDeploys();
  }

  /** A deploy without any choice goes through: nothing is left to be settled. */
  async expectDeploys(): Promise<void> {
    await this.next();
    const { code, stdout, stderr } = await this.first.run(['deploy'], { DEPLOY_TAG: `v${this.version}` });
    expect(code, stdout + stderr).toBe(0);
    await this.expectWhole();
  }

  /** Removes the lock of a run that was killed: the next would look for a sign of life for half a minute. */
  async unlock(manager: Machine): Promise<void> {
    await manager.run(['docker', 'config', 'rm', 'probe.waggle.lock']);
  }

  /** The second one deploys the same version, and says what is to become of what it finds. */
  async recover(choice: string, env: Readonly<Record<string, string>> = {}): Promise<void> {
    const tag = { DEPLOY_TAG: `v${this.version}` };
    const { code, stdout, stderr } = await this.second.run(['deploy', `--on-interrupted=${choice}`], {
      ...tag,
      ...env,
    });
    expect(code, stdout + stderr).toBe(0);
  }

  /** Every service is of one release, and the secrets are those that something names. */
  async expectWhole(): Promise<void> {
    const own = (await readSpecs(this.#lab)).filter(({ Name }) => Name.startsWith('probe_'));
    const version = expect.arrayContaining([`VERSION=${this.version}`]);
    expect(own.map(({ Name, TaskTemplate: { ContainerSpec } }) => [Name, ContainerSpec.Env])).toEqual([
      ['probe_side', version],
      ['probe_web', version],
    ]);
    expect(await readSecretNames(this.#lab)).toEqual(await this.#readNamed());
    const { stdout } = await this.second.run(['status']);
    expect(stdout).toMatch(new RegExp(`^probe: r\\d+, v${this.version}, deployed`));
    expect(stdout).not.toMatch(/interrupted|locked|by hand/);
  }

  /** Secrets that a service, or a release that can be brought back, names. */
  async #readNamed(): Promise<readonly string[]> {
    const releases = await readStoredReleases(this.#lab);
    const text = JSON.stringify([await readSpecs(this.#lab), releases.map(({ services }) => services)]);
    return [...new Set([...text.matchAll(/"SecretName":"([^"]+)"/g)].map(([, name = '']) => name))].sort();
  }
}

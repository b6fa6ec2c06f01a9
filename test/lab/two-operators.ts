import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Machine, Output } from '../../src/lab/machine.ts';
import { PROJECT } from '../../src/lab/move-in.ts';
import type { Lab } from '../../src/lab/topology.ts';
import { readNamedSecrets, readSecretNames, readSpecs } from './cluster.ts';
import { setSshDelay } from './faults.ts';
import { CA, type Kind } from './kill-points.ts';
import { Operator } from './operator.ts';
import { type Parts, Probe } from './probe.ts';
import { type Meanwhile, runMeanwhile } from './run-meanwhile.ts';

const HOOKS = ['pre-build', 'pre-deploy', 'on-rollback', 'post-deploy'];
/** So that none of several that begin at once is over before the last has begun; and where the run names the hook. */
const LINGERS =
  'case "$WAGGLE_HOOK $WAGGLE_TAG" in "post-deploy slow") sleep 10 ;; esac; case " $LINGER " in *" $WAGGLE_HOOK "*) sleep 3 ;; esac';

interface Beginning {
  readonly flags?: readonly string[];
  readonly change?: Partial<Parts>;
  readonly env?: Readonly<Record<string, string>>;
}

/** While these hooks run, the line is made slower (ms, one way): what comes next is not over before a signal arrives. */
const SLOW_MS = 300;
const SLOWER = { 'run the hook pre-deploy': SLOW_MS, 'run the hook post-deploy': 1500 } as const;

/** Two machines with the same stack to deploy: what the first one leaves half done, the second one finds. */
export class TwoOperators {
  readonly first: Probe;
  readonly second: Probe;
  readonly #lab: Lab;
  readonly #kind: Kind;
  #version = 0;

  constructor(lab: Lab, kind: Kind = {}) {
    this.#lab = lab;
    this.#kind = kind;
    this.first = new Probe(new Operator(lab));
    this.second = new Probe(new Operator(lab, lab.laptop));
  }

  get version(): number {
    return this.#version;
  }

  /** A version runs that none before has been. */
  async setUp(): Promise<void> {
    const { workstation, laptop } = this.#lab;
    await laptop.writeFile(CA, await workstation.run(['cat', CA]));
    await Promise.all(
      [this.first, this.second].map(async (probe) => {
        await probe.operator.checkOut();
        await probe.setUp();
        for (const name of HOOKS) await probe.setHook(name, LINGERS);
      }),
    );
    await this.next();
    await this.run(this.first, ['deploy', '--on-interrupted=rollback']);
  }

  /** Another version, with a secret of its own, for both. */
  async next(change: Partial<Parts> = {}): Promise<void> {
    const version = ++this.#version;
    const { parts, dockerfile } = this.#kind;
    for (const probe of [this.first, this.second]) {
      const environment = `{ VERSION: "${version}" }`;
      const sideKeys = `environment: ${environment}`;
      await probe.setStack({ environment, sideKeys, ...parts, ...change });
      await probe.setFile('secrets/password.txt', `probe-hunter2-never-shown-${version}`);
      if (dockerfile) {
        await probe.setFile('app/Dockerfile', dockerfile);
        await probe.operator.commit(`version ${version}`);
      }
    }
  }

  /** Goes through. */
  async run(by: Probe, argv: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Output> {
    const output = await by.run(argv, { DEPLOY_TAG: `v${this.#version}`, ...this.#kind.env, ...env });
    expect(output.code, output.stdout + output.stderr).toBe(0);
    return output;
  }

  /** The first one begins that, and `meanwhile` is called. */
  #start(
    argv: readonly string[],
    env: Readonly<Record<string, string>>,
    meanwhile: Meanwhile,
  ): Promise<Output> {
    const all = { DEPLOY_TAG: `slow${this.#version}`, ...this.#kind.env, ...env };
    return runMeanwhile(this.first.operator, [...argv, '--env', 'probe'], all, meanwhile);
  }

  /** The first one deploys the next version; `meanwhile` is called when it says that it begins that step. */
  async deployUntil(
    step: string,
    meanwhile: Meanwhile,
    { flags = [], change = {}, env = {} }: Beginning = {},
  ): Promise<Output> {
    await this.next(change);
    return this.#start(['deploy', ...flags], env, async (run) => {
      await run.says(`> ${step}`);
      await meanwhile(run);
    });
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

  /** The first one deploys the next version, and is killed as it begins that step. */
  async killAt(step: string): Promise<void> {
    await this.next();
    await this.killedAt(step, ['deploy']);
  }

  /** The first one is killed at that step of a command, `then` together with something else. */
  async killedAt(
    step: string,
    argv: readonly string[],
    then: () => Promise<unknown> = async () => {},
  ): Promise<void> {
    const LINGER = `pre-deploy post-deploy ${step}`;
    await this.#killed(argv, { LINGER }, async ({ says, kill }) => {
      for (const [hook, ms] of Object.entries(SLOWER)) {
        if ((await says(`> ${step}`, `> ${hook}`)) === `> ${step}`) break;
        await setSshDelay(this.#lab, ms);
      }
      await says(`> ${step}`);
      await Promise.all([kill(), then()]);
    });
  }

  /** The same, for `meanwhile` that kills it and may make the line slower before. */
  async #killed(
    argv: readonly string[],
    env: Readonly<Record<string, string>>,
    meanwhile: Meanwhile,
  ): Promise<void> {
    const running = this.#start(argv, env, meanwhile);
    const { code, stdout } = await running.finally(() => setSshDelay(this.#lab, 0));
    expect(code, `it was over before it could be killed: ${stdout}`).not.toBe(0);
  }

  /** The first one is killed as it begins a step; the second one settles that. Then all is one release again. */
  async killAndRecover(step: string, choice: string): Promise<void> {
    await this.killAt(step);
    await this.unlock(this.#lab.managers[0]);
    await this.recover(choice);
    await this.expectSettled();
  }

  /** All is one release, and on record; nothing is left to be settled. */
  async expectSettled(): Promise<void> {
    await this.expectWhole();
    await this.run(this.second, ['audit', 'verify']);
    await this.expectDeploys();
  }

  /** A deploy without any choice goes through. */
  async expectDeploys(): Promise<void> {
    await this.next();
    await this.run(this.first, ['deploy']);
    await this.expectWhole();
  }

  /** The first one is killed twice: the second time as it settles what it left, when it says that text and `ms` later. */
  async killTwiceAndRecover(choice: string, text: string, ms = 0): Promise<void> {
    const [manager] = this.#lab.managers;
    await this.killAt('wait for convergence');
    await this.unlock(manager);
    await this.#killed(['deploy', `--on-interrupted=${choice}`], {}, async ({ says, kill }) => {
      await setSshDelay(this.#lab, SLOW_MS);
      await says(text);
      await sleep(ms);
      await kill();
    });
    await this.unlock(manager);
    await this.recover(choice);
    await this.expectSettled();
  }

  /** Removes the lock that a run that was killed may have left: the next would check that the lock is renewed for half a minute. */
  async unlock(manager: Machine): Promise<void> {
    await manager.exec(['docker', 'config', 'rm', 'probe.waggle.lock']);
  }

  /** The second one deploys the same version, and says what is to become of what it finds. */
  async recover(choice: string, env: Readonly<Record<string, string>> = {}): Promise<void> {
    await this.run(this.second, ['deploy', `--on-interrupted=${choice}`], env);
  }

  /** Every service is of one release, and the secrets are those that something names. */
  async expectWhole(): Promise<void> {
    const own = (await readSpecs(this.#lab)).filter(({ Name }) => Name.startsWith('probe_'));
    const version = expect.arrayContaining([`VERSION=${this.version}`]);
    expect(own.map(({ Name, TaskTemplate: { ContainerSpec } }) => [Name, ContainerSpec.Env])).toEqual([
      ['probe_side', version],
      ['probe_web', version],
    ]);
    expect(await readSecretNames(this.#lab)).toEqual(await readNamedSecrets(this.#lab));
    const { stdout } = await this.second.run(['status']);
    expect(stdout).toMatch(new RegExp(`^probe: r\\d+, v${this.version}, deployed`));
    expect(stdout).not.toMatch(/interrupted|locked|by hand/);
  }
}

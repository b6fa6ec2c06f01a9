import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { until } from '../../src/lab/engine.ts';
import type { Machine, Output } from '../../src/lab/machine.ts';
import { hasQuorum } from '../../src/lab/swarm.ts';
import type { Lab } from '../../src/lab/topology.ts';
import { readServices } from './cluster.ts';
import { Operator } from './operator.ts';
import { type Parts, Probe } from './probe.ts';
import { reset } from './reset.ts';

/** One task after the other: long enough for something to happen meanwhile. */
export const SLOW = {
  deploy: 'replicas: 3',
  update: '{ parallelism: 1, delay: 1s, monitor: 2s, failure_action: pause }',
};

/** A service of three tasks that gets a new version each time, with a fault in the middle of it. */
export class SlowRollout {
  readonly probe: Probe;
  readonly #lab: Lab;
  #version = 0;

  constructor(lab: Lab) {
    this.#lab = lab;
    this.probe = new Probe(new Operator(lab));
  }

  /** The last one that was to be deployed. */
  get version(): number {
    return this.#version;
  }

  next(): Pick<Parts, 'deploy' | 'update' | 'environment'> {
    return { ...SLOW, environment: `{ VERSION: "${++this.#version}" }` };
  }

  async setUp(change: Partial<Parts> = {}): Promise<void> {
    await reset(this.#lab);
    await this.probe.operator.checkOut();
    await this.probe.setUp();
    await this.deployNext(change);
  }

  async deployNext(change: Partial<Parts> = {}, flags: readonly string[] = []): Promise<void> {
    await this.probe.setStack({ ...this.next(), ...change });
    const { code, stdout, stderr } = await this.probe.run(['deploy', ...flags]);
    expect(code, stdout + stderr).toBe(0);
  }

  /** Deploys a new version, of which one task runs when `meanwhile` begins. */
  async deployAnd(
    meanwhile: () => Promise<unknown>,
    env: Readonly<Record<string, string>> = {},
    change: Partial<Parts> = {},
  ): Promise<Output> {
    await this.probe.setStack({ ...this.next(), ...change });
    let printed = '';
    const running = this.probe.operator.startWaggle(['deploy', '--env', 'probe'], {
      // A slow machine takes its time to see that a node is gone.
      env: { DEPLOY_TAG: 'v1', DEPLOY_TIMEOUT: '400', PROGRESS_DEADLINE: '300', ...env },
      onOutput: (text) => (printed += text),
    });
    let isOver = false;
    void running.output.then(() => (isOver = true));
    await until('a task is replaced', async () => isOver || printed.includes('probe_web 1/3'));
    expect(isOver, printed).toBe(false);
    await meanwhile();
    return running.output;
  }

  /** All tasks of the service run this version, wherever they are. */
  async expectVersion(wanted: number): Promise<void> {
    await until('three run', async () => (await this.probe.tasks()).web?.length === 3);
    const web = (await readServices(this.#lab)).find(({ Spec }) => Spec.Name === 'probe_web');
    expect(web?.Spec.TaskTemplate.ContainerSpec.Env).toContain(`VERSION=${wanted}`);
  }

  async isHealthy(): Promise<boolean> {
    return (await hasQuorum(this.#lab.managers[0])) && !(await this.#nodes()).includes('Down');
  }

  async findLeader(): Promise<number> {
    const [line = ''] = (await this.#nodes()).split('\n').filter((node) => node.includes('Leader'));
    return Number(line.match(/m(\d)/)?.[1]);
  }

  /** Neither the leader nor the manager that is talked to. */
  async findOther(): Promise<Machine> {
    return this.#lab.managers[(await this.findLeader()) === 3 ? 1 : 2];
  }

  /** A manager that comes back may start an election: for a moment every change is then refused. */
  async isCalm(): Promise<boolean> {
    const leader = await this.findLeader();
    await sleep(10_000);
    return (await this.isHealthy()) && leader === (await this.findLeader());
  }

  #nodes(): Promise<string> {
    const format = '{{.Hostname}} {{.Status}} {{.ManagerStatus}}';
    return this.#lab.managers[0].run(['docker', 'node', 'ls', '--format', format]);
  }
}

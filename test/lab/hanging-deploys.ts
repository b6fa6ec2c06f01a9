import { expect } from 'vitest';
import { until } from '../../src/lab/engine.ts';
import type { Output } from '../../src/lab/machine.ts';
import { PROJECT } from '../../src/lab/move-in.ts';
import { hasQuorum } from '../../src/lab/swarm.ts';
import type { Lab } from '../../src/lab/topology.ts';
import { readOpenRecords } from './cluster.ts';
import { DisturbedDeploys } from './disturbed-deploys.ts';
import { hangEngine, wakeEngine } from './faults.ts';
import { awaitHeld, freeStackDeploys, holdStackDeploys, letGoStackDeploys } from './held-stack-deploy.ts';
import { NODES } from './operator.ts';
import type { Probe } from './probe.ts';

type Environment = Readonly<Record<string, string>>;

/** What a deploy says once one of the two tasks is replaced. */
export const HALF_WAY = 'probe_web 1/2';
const GO_ON = '/tmp/go-on';
const SSH_CONFIG = '/home/operator/.ssh/config';

/** No task has to stop on m1, so that nothing but the manager is missing; half of the rollout takes this long. */
const elsewhere = 'placement: { constraints: ["node.hostname != m1"] }';
const parts = {
  placement: elsewhere,
  side: `replicas: 1, ${elsewhere}`,
  update: '{ parallelism: 1, delay: 15s, monitor: 5s }',
};

/** Slow deploys of the probe during which the dockerd of m1 stands still. */
export class HangingDeploys {
  readonly #lab: Lab;
  readonly #probe: Probe;
  readonly slow: DisturbedDeploys;

  constructor(lab: Lab, probe: Probe) {
    this.#lab = lab;
    this.#probe = probe;
    this.slow = new DisturbedDeploys(probe, { parts });
  }

  /** The first version runs, and the operator reaches each node by its name. */
  async setUp(): Promise<void> {
    const owner = 'operator:operator';
    await this.#lab.workstation.writeFile(SSH_CONFIG, NODES, { mode: '600', owner });
    await this.slow.next();
    const { code, stderr } = await this.#probe.run(['deploy'], this.slow.tag);
    expect(code, stderr).toBe(0);
  }

  async tearDown(): Promise<void> {
    await this.#lab.workstation.run(['rm', '-f', SSH_CONFIG]);
  }

  async wake(): Promise<void> {
    const [m1] = this.#lab.managers;
    await wakeEngine(m1);
    await until('there is a quorum', () => hasQuorum(m1));
  }

  /** All nodes are ready again, and nothing of the last run is left for the next case. */
  async settle(): Promise<void> {
    const [m1, m2] = this.#lab.managers;
    await this.wake();
    await freeStackDeploys(m1);
    await this.#lab.workstation.run(['rm', '-rf', GO_ON, `${PROJECT}/deploy/probe/hooks`]);
    const states = ['docker', 'node', 'ls', '--format', '{{.Status}}'];
    await until('all nodes are ready', async () => !/Down|Unknown/.test(await m2.run(states)));
    const argv = ['deploy', '--on-interrupted=rollback'];
    const { code, stdout, stderr } = await this.#probe.run(argv, this.slow.tag);
    expect(code, stdout + stderr).toBe(0);
    await this.slow.expectDeployed();
    expect(await readOpenRecords(this.#lab), 'locks and journals left behind').toEqual([]);
  }

  /** It hangs while a hook of the run is at work. */
  async inHook(env: Environment): Promise<Output> {
    await this.#probe.setHook('pre-deploy', `until [ -e ${GO_ON} ]; do sleep 0.1; done`);
    const hang = async () => {
      await hangEngine(this.#lab.managers[0]);
      await this.#lab.workstation.writeFile(GO_ON, '');
    };
    return this.slow.deployAnd('> run the hook pre-deploy', hang, env);
  }

  /** It hangs before the client of this run has asked it for anything. */
  async inStackDeploy(env: Environment): Promise<Output> {
    const [m1] = this.#lab.managers;
    await holdStackDeploys(m1);
    const hang = async () => {
      await awaitHeld(m1);
      await hangEngine(m1);
      await letGoStackDeploys(m1);
    };
    return this.slow.deployAnd('> deploy the stack', hang, env);
  }

  /** It hangs half way; `s`: how long the rest of the run took. */
  async inRollout(env: Environment): Promise<Output & { readonly s: number }> {
    let began = 0;
    const hang = async () => {
      await hangEngine(this.#lab.managers[0]);
      began = performance.now();
    };
    const output = await this.slow.deployAnd(HALF_WAY, hang, env);
    return { ...output, s: Math.round((performance.now() - began) / 1000) };
  }
}

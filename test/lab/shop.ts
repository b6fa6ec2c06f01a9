import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import type { ExecOptions, Output, RunningCommand } from '../../src/lab/machine.ts';
import { type Lab, REGISTRY } from '../../src/lab/topology.ts';
import { readImages, readOpenRecords, readState, readVersion } from './cluster.ts';
import { Operator } from './operator.ts';
import { digestOf } from './registry.ts';
import { reset } from './reset.ts';

const BUILT = ['api', 'worker', 'admin'] as const;
const REPLICAS = { api: 3, worker: 1, admin: 1, redis: 1, dozzle: 1 };
/** All tasks of a service at once, and few questions: each test has to do with something else. */
const QUICK = { UPDATE_PARALLELISM: '0', DEPLOY_HEALTHCHECK_ATTEMPTS: '4' };
/** Nothing at all of the stack. */
export const NOTHING = { specs: [], images: {}, secrets: [], configs: [], networks: [] };

/** The reference stack. A test says from which state it begins, and gets there whatever the one before has left. */
export class Shop {
  readonly operator: Operator;
  readonly #lab: Lab;
  /** Tag -> what the cluster is when that runs and nothing else was done. */
  readonly #states = new Map<string, unknown>();

  constructor(lab: Lab) {
    this.#lab = lab;
    this.operator = new Operator(lab);
  }

  deploy(env: Readonly<Record<string, string>> = {}, options: ExecOptions = {}): Promise<Output> {
    return this.start(env, options).output;
  }

  waggle(argv: readonly string[], env: Readonly<Record<string, string>>): Promise<Output> {
    return this.operator.waggle(argv, { env: { ...QUICK, ...env } });
  }

  start(env: Readonly<Record<string, string>>, options: ExecOptions = {}): RunningCommand {
    return this.operator.startWaggle(['deploy', '--on-interrupted=rollback'], {
      ...options,
      env: { ...QUICK, ...env },
    });
  }

  /** A cluster with nothing in it, and a checkout to deploy from. */
  async fromNothing(): Promise<void> {
    const isEmpty = isDeepStrictEqual(await readState(this.#lab), NOTHING);
    if (!isEmpty || (await readOpenRecords(this.#lab)).length > 0) await reset(this.#lab);
    await this.operator.checkOut();
  }

  /** This version runs; where it does already, nothing is done. */
  async fromRunning(tag: string): Promise<unknown> {
    const state = await readState(this.#lab);
    if (isDeepStrictEqual(state, this.#states.get(tag))) return state;
    if (!(await this.operator.hasProject())) await this.operator.checkOut();
    await this.push(tag);
    const { code, stderr } = await this.deploy({ DEPLOY_TAG: tag, SKIP_BUILD: '1' });
    expect(code, stderr).toBe(0);
    return this.keepAs(tag);
  }

  /** Builds a version and pushes it, unless that was done before. */
  async push(tag: string): Promise<void> {
    if (await digestOf(this.#lab, 'shop/api', tag)) return;
    const { code, stderr } = await this.waggle(['build'], { DEPLOY_TAG: tag });
    expect(code, stderr).toBe(0);
  }

  /** What runs now is what this version is. */
  async keepAs(tag: string): Promise<unknown> {
    const state = await readState(this.#lab);
    this.#states.set(tag, state);
    return state;
  }

  /** All tasks of all services run exactly what the registry holds for this tag. */
  async expectRunning(tag: string): Promise<void> {
    const images = await readImages(this.#lab);
    for (const [name, replicas] of Object.entries(REPLICAS)) {
      const image = (BUILT as readonly string[]).includes(name) ? `shop/${name}` : `library/${name}`;
      const version = { redis: '7', dozzle: '8' }[name] ?? tag;
      const pinned = `${REGISTRY.host}/${image}:${version}@${await digestOf(this.#lab, image, version)}`;
      expect(images[`shop_${name}`], name).toEqual(Array(replicas).fill(pinned));
    }
    expect(await readVersion(this.#lab)).toBe(tag);
    expect(await readVersion(this.#lab, 'http://bastion.lab:8081/api/health')).toBe(tag);
  }
}

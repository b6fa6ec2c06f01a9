import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { docker, until } from '../../src/lab/engine.ts';
import type { Machine, Output } from '../../src/lab/machine.ts';
import { hasQuorum } from '../../src/lab/swarm.ts';
import { type Lab, REGISTRY } from '../../src/lab/topology.ts';
import { Operator } from './operator.ts';
import { IMAGE, Probe } from './probe.ts';
import { type Meanwhile, runMeanwhile } from './run-meanwhile.ts';
import { awaitSlowDeploy, quickenStackDeploys, slowStackDeploys } from './slow-stack-deploy.ts';

/** Beside the two of the probe: tiny, as the client's way from one to the next is what takes the time. */
const EXTRA = 38;
const address = (at: number) => `bastion.lab:220${at}`;
const MANAGERS = { DEPLOY_MANAGER_HOST: [1, 2, 3].map(address).join(','), DEPLOY_MANAGER_SSH_PORT: '' };
const OTHERS_FIRST = { ...MANAGERS, DEPLOY_MANAGER_HOST: [2, 3, 1].map(address).join(',') };
/** Answers as it is asked to, whatever runs: one is a good release, the other is not. */
const HEALTH = {
  DEPLOY_HEALTHCHECK_ATTEMPTS: '1',
  NODE_EXTRA_CA_CERTS: `/etc/docker/certs.d/${REGISTRY.host}/ca.crt`,
};
export const GOOD = { ...HEALTH, DEPLOY_HEALTHCHECK_URL: `https://${REGISTRY.host}/v2/ status=401` };
export const BAD = { ...HEALTH, DEPLOY_HEALTHCHECK_URL: `https://${REGISTRY.host}/v2/ status=204` };

/** Service -> the version that its spec names, and the spec as Docker prints it. */
export type Found = Readonly<Record<string, { readonly version: string; readonly spec: string }>>;

/** Two operators and a stack of forty services, which is deployed through m1 by a slow client while something happens to m1. */
export class LeftBehind {
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

  async setUp(): Promise<void> {
    const { workstation, laptop } = this.#lab;
    const ca = HEALTH.NODE_EXTRA_CA_CERTS;
    await laptop.writeFile(ca, await workstation.run(['cat', ca]));
    for (const probe of [this.first, this.second]) {
      await probe.operator.checkOut();
      await probe.setUp();
    }
    await this.next();
    const { code, stdout, stderr } = await this.first.run(['deploy'], this.#env(GOOD));
    expect(code, stdout + stderr).toBe(0);
  }

  /** Every service of the next version differs from that of the one before. */
  async next(): Promise<void> {
    const environment = `{ VERSION: "${++this.#version}" }`;
    const extra = Array.from(
      { length: EXTRA },
      (_, at) =>
        `more${at}: { image: "${IMAGE}", command: [redis-server], environment: ${environment}, deploy: { replicas: 0, endpoint_mode: dnsrr } }`,
    );
    for (const probe of [this.first, this.second])
      await probe.setStack({
        environment,
        sideKeys: `environment: ${environment}`,
        extra: extra.join('\n  '),
      });
  }

  #env(more: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
    return { DEPLOY_TAG: `v${this.#version}`, ...MANAGERS, ...more };
  }

  /** The first operator deploys the next version; `meanwhile` begins that long after the slow client on m1 has. */
  async deploySlowly(
    ms: number,
    env: Readonly<Record<string, string>>,
    meanwhile: Meanwhile,
  ): Promise<Output> {
    const [m1] = this.#lab.managers;
    await this.next();
    await slowStackDeploys(m1);
    return runMeanwhile(this.first.operator, ['deploy', '--env', 'probe'], this.#env(env), async (run) => {
      await awaitSlowDeploy(m1);
      await sleep(ms);
      await meanwhile(run);
    });
  }

  /** The second operator deploys the next version through other managers. */
  async takeOver(choice: string, env: Readonly<Record<string, string>> = {}): Promise<Output> {
    await this.next();
    return this.second.run(
      ['deploy', `--on-interrupted=${choice}`],
      this.#env({ ...OTHERS_FIRST, ...GOOD, ...env }),
    );
  }

  /** What the cluster says, by the Docker CLI of a manager that nothing happens to. */
  async look(): Promise<Found> {
    const [, m2] = this.#lab.managers;
    const list = 'docker service ls --quiet --filter label=com.docker.stack.namespace=probe';
    const script = `${list} | xargs docker service inspect --format '{{.Spec.Name}} {{json .Spec}}'`;
    const lines = (await m2.run(['sh', '-c', script])).split('\n');
    const entries = lines.map((line) => {
      const [, name = '', spec = ''] = /^(\S+) (.*)$/.exec(line) ?? [];
      return [name, { spec, version: /"VERSION=(\d+)"/.exec(spec)?.[1] ?? '' }] as const;
    });
    return Object.fromEntries(entries.toSorted(([a], [b]) => a.localeCompare(b)));
  }

  /** Every service is of that version. */
  expectAll(found: Found, version: number, said: string): void {
    const versions = Object.values(found).map((one) => one.version);
    expect(versions, said).toEqual(Array.from({ length: EXTRA + 2 }, () => String(version)));
  }

  /** Nothing changes any more, minutes after all is awake and connected. */
  async expectQuiet(found: Found, said: string): Promise<void> {
    const [m1] = this.#lab.managers;
    await until('the managers agree', () => hasQuorum(m1));
    await sleep(QUIET_MS);
    expect(await this.look(), said).toEqual(found);
    const clients = await m1.exec(['pgrep', '-af', 'docker.*stack deploy']);
    expect(clients.stdout, 'no client is left on m1').toBe('');
  }

  async freeze(machine: Machine): Promise<void> {
    await docker(this.#lab.engine, ['pause', machine.container]);
  }

  async wake(machine: Machine): Promise<void> {
    const { engine } = this.#lab;
    await docker(engine, ['unpause', machine.container]).catch(() => {});
  }

  async heal(): Promise<void> {
    const [m1] = this.#lab.managers;
    await this.wake(m1);
    await openWay(m1);
    await goOnEngine(m1);
    await quickenStackDeploys(m1);
    await until('the managers agree', () => hasQuorum(m1));
  }
}

const QUIET_MS = Number(process.env.WAGGLE_QUIET_MS ?? 120_000);

const SSH = ['-p', 'tcp', '--dport', '22', '-j', 'DROP'];

/** Connections by SSH end, and none is taken. */
export async function breakWay(machine: Machine): Promise<void> {
  await machine.run(['iptables', '-t', 'raw', '-I', 'PREROUTING', ...SSH]);
  await machine.exec(['pkill', '-KILL', '-f', '^sshd(-session)?: deploy']);
}

export async function openWay(machine: Machine): Promise<void> {
  while ((await machine.exec(['iptables', '-t', 'raw', '-D', 'PREROUTING', ...SSH])).code === 0);
}

export async function hangEngine(machine: Machine): Promise<void> {
  await machine.run(['pkill', '-STOP', '-x', 'dockerd']);
}

export async function goOnEngine(machine: Machine): Promise<void> {
  await machine.exec(['pkill', '-CONT', '-x', 'dockerd']);
}

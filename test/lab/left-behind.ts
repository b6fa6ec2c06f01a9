import { expect } from 'vitest';
import { docker, until } from '../../src/lab/engine.ts';
import type { Machine, Output } from '../../src/lab/machine.ts';
import { hasQuorum } from '../../src/lab/swarm.ts';
import { type Lab, REGISTRY } from '../../src/lab/topology.ts';
import { askSwarm } from './ask-swarm.ts';
import { wakeEngine } from './faults.ts';
import { Operator } from './operator.ts';
import { IMAGE, Probe } from './probe.ts';
import { type Run, runMeanwhile } from './run-meanwhile.ts';
import {
  awaitSlowDeploys,
  beginSlowDeploys,
  quickenStackDeploys,
  slowStackDeploys,
} from './slow-stack-deploy.ts';

type Environment = Readonly<Record<string, string>>;

/** Next to the two of the probe: they run nothing, because the client's way from one to the next takes the time. */
const EXTRA = 28;
const address = (at: number) => `bastion.lab:220${at}`;
const MANAGERS = { DEPLOY_MANAGER_HOST: [1, 2, 3].map(address).join(','), DEPLOY_MANAGER_SSH_PORT: '' };
const OTHERS_FIRST = { ...MANAGERS, DEPLOY_MANAGER_HOST: [2, 3, 1].map(address).join(',') };
const HEALTH = {
  DEPLOY_HEALTHCHECK_ATTEMPTS: '1',
  NODE_EXTRA_CA_CERTS: `/etc/docker/certs.d/${REGISTRY.host}/ca.crt`,
};
/** The registry answers 401, whatever runs: one release is good, the other is not. */
export const GOOD = { ...HEALTH, DEPLOY_HEALTHCHECK_URL: `https://${REGISTRY.host}/v2/ status=401` };
export const BAD = { ...HEALTH, DEPLOY_HEALTHCHECK_URL: `https://${REGISTRY.host}/v2/ status=204` };

/** Service -> the version that its spec names, and the spec as Docker prints it. */
type Found = Readonly<Record<string, { readonly version: string; readonly spec: string }>>;

/** A stack of thirty services that two operators deploy. */
export class LeftBehind {
  readonly stack: string;
  readonly #first: Probe;
  readonly #second: Probe;
  readonly #lab: Lab;
  #version = 0;
  #deployed = 0;
  #found: Found = {};
  #said = '';

  constructor(lab: Lab, stack: string) {
    this.#lab = lab;
    this.stack = stack;
    this.#first = new Probe(new Operator(lab), stack);
    this.#second = new Probe(new Operator(lab, lab.laptop), stack);
  }

  /** The version of the last deploy that went well. */
  get deployed(): number {
    return this.#deployed;
  }

  /** Its last run went well, and has said that it leaves its journal open. */
  get isOpen(): boolean {
    return this.#said.startsWith('exit 0\n') && this.#said.includes('the journal is left open');
  }

  async setUp(): Promise<void> {
    await Promise.all([this.#first.setUp(), this.#second.setUp()]);
    await this.#next();
    const { code, stdout, stderr } = await this.#first.run(['deploy'], this.#env(GOOD));
    expect(code, stdout + stderr).toBe(0);
    this.#deployed = this.#version;
  }

  /** Every service of the next version differs from that of the one before. */
  async #next(): Promise<void> {
    const environment = `{ VERSION: "${++this.#version}" }`;
    const extra = Array.from(
      { length: EXTRA },
      (_, at) =>
        `more${at}: { image: "${IMAGE}", command: [redis-server], environment: ${environment}, deploy: { replicas: 0, endpoint_mode: dnsrr } }`,
    );
    const sideKeys = `environment: ${environment}`;
    for (const probe of [this.#first, this.#second])
      await probe.setStack({ environment, sideKeys, deploy: 'replicas: 1', extra: extra.join('\n  ') });
  }

  #env(more: Environment): Environment {
    return { DEPLOY_TAG: `v${this.#version}`, ...MANAGERS, ...more };
  }

  /** The first operator deploys the next version. */
  async deploy(env: Environment, meanwhile: (run: Run) => Promise<unknown>): Promise<Output> {
    await this.#next();
    return runMeanwhile(
      this.#first.operator,
      ['deploy', '--env', this.stack],
      this.#env({ DEPLOY_TIMEOUT: '400', ...env }),
      meanwhile,
    );
  }

  /** The second operator deploys the next version through other managers. */
  async takeOver(choice: string, env: Environment = {}): Promise<Output> {
    await this.#next();
    return this.#second.run(
      ['deploy', `--on-interrupted=${choice}`],
      this.#env({ ...OTHERS_FIRST, ...GOOD, ...env }),
    );
  }

  /** What the run says has become of the stack is what the cluster says. */
  async expectAsSaid({ code, stdout, stderr }: Output): Promise<void> {
    this.#said = `exit ${code}\n${stdout}${stderr}`;
    console.log(`figure: ${this.stack}: exit ${code}`);
    console.log(this.#said);
    if (code === 0) this.#deployed = this.#version;
    this.#found = await this.#look();
    const versions = Object.values(this.#found).map(({ version }) => version);
    expect(versions, this.#said).toEqual(Array.from({ length: EXTRA + 2 }, () => String(this.#deployed)));
  }

  /** Nothing has changed since the run ended. */
  async expectQuiet(): Promise<void> {
    expect(await this.#look(), this.#said).toEqual(this.#found);
  }

  /** What the cluster says, by the Docker CLI of a manager that nothing happens to. */
  async #look(): Promise<Found> {
    const [, m2] = this.#lab.managers;
    const list = `docker service ls --quiet --filter label=com.docker.stack.namespace=${this.stack}`;
    const script = `${list} | xargs docker service inspect --format '{{.Spec.Name}} {{json .Spec}}'`;
    const lines = (await m2.run(['sh', '-c', script])).split('\n');
    const entries = lines.map((line) => {
      const [, name = '', spec = ''] = /^(\S+) (.*)$/.exec(line) ?? [];
      return [name, { spec, version: /"VERSION=(\d+)"/.exec(spec)?.[1] ?? '' }] as const;
    });
    return Object.fromEntries(entries.toSorted(([a], [b]) => a.localeCompare(b)));
  }
}

/** A deploy of a stack through m1. */
export interface SlowDeploy {
  readonly of: LeftBehind;
  /** For so long its client has been at work when the fault comes. */
  readonly ms: number;
  readonly env: Environment;
}

/** Deploys all of these at once with slow clients on m1, and calls `fault` in the middle. */
export async function deploySlowly(
  [m1]: Lab['managers'],
  deploys: readonly SlowDeploy[],
  fault: (runs: readonly Run[]) => Promise<unknown>,
): Promise<readonly Output[]> {
  const runs: Run[] = [];
  let acting: Promise<unknown> | undefined;
  const act = async () => {
    await beginSlowDeploys(
      m1,
      deploys.map(({ of: { stack }, ms }) => ({ stack, ms })),
    );
    await fault(runs);
  };
  await slowStackDeploys(m1);
  return Promise.all(
    deploys.map(({ of, env }) =>
      of.deploy(env, async (run) => {
        runs.push(run);
        await awaitSlowDeploys(m1, deploys.length);
        acting ??= act();
        await acting;
      }),
    ),
  );
}

/** No client is left on m1. */
export async function expectNoClient([m1]: Lab['managers']): Promise<void> {
  await until('the managers agree', () => hasQuorum(m1));
  const { stdout } = await m1.exec(['pgrep', '-af', 'docker.*stack deploy']);
  expect(stdout, 'a client is left on m1').toBe('');
}

/** Updates a service to its own spec, with a login as a restore sends one. Returns how far its version has moved. */
export async function moveVersion(lab: Lab, service: string): Promise<number> {
  const path = `/services/${service}`;
  const read = () => askSwarm<{ Version: { Index: number }; Spec: object }>(lab, path);
  const { Version, Spec } = await read();
  const url = `http://docker/v1.43${path}/update?version=${Version.Index}`;
  const post = ['curl', '--silent', '--show-error', '--fail-with-body', '--unix-socket', '/run/docker.sock'];
  const { host: serveraddress, username, password } = REGISTRY;
  const login = Buffer.from(JSON.stringify({ serveraddress, username, password })).toString('base64url');
  const auth = ['--header', `X-Registry-Auth: ${login}`];
  await lab.managers[0].run([...post, ...auth, '--json', '@-', url], { input: JSON.stringify(Spec) });
  return (await read()).Version.Index - Version.Index;
}

export async function freeze({ engine }: Lab, { container }: Machine): Promise<void> {
  await docker(engine, ['pause', container]);
}

export async function wake({ engine }: Lab, { container }: Machine): Promise<void> {
  await docker(engine, ['unpause', container]).catch(() => {});
}

export async function healLeftBehind(lab: Lab): Promise<void> {
  const [m1] = lab.managers;
  await wake(lab, m1);
  await openWay(m1);
  await wakeEngine(m1);
  await quickenStackDeploys(m1);
  await until('the managers agree', () => hasQuorum(m1));
}

const SSH = ['-p', 'tcp', '--dport', '22', '-j', 'DROP'];

/** Connections by SSH end, and none is taken. */
export async function breakWay(machine: Machine): Promise<void> {
  await machine.run(['iptables', '-t', 'raw', '-I', 'PREROUTING', ...SSH]);
  await machine.exec(['pkill', '-KILL', '-f', '^sshd(-session)?: deploy']);
}

export async function openWay(machine: Machine): Promise<void> {
  while ((await machine.exec(['iptables', '-t', 'raw', '-D', 'PREROUTING', ...SSH])).code === 0);
}

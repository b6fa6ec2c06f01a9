import type { Output } from '../../src/lab/machine.ts';
import { MANAGER, REGISTRY } from '../../src/lab/topology.ts';
import type { SavedPlan } from '../../src/plan/changes/saved-plan.ts';
import { askSwarm } from './ask-swarm.ts';
import type { Operator } from './operator.ts';

export const IMAGE = `${REGISTRY.host}/library/redis:7`;

/** What the stack file is made from; a test changes one part of it. */
export interface Parts {
  readonly image: string;
  readonly environment: string;
  readonly sideKeys: string;
  readonly web: string;
  readonly deploy: string;
  readonly placement: string;
  readonly update: string;
  readonly extra: string;
  readonly side: string;
  readonly top: string;
}

export const PARTS: Parts = {
  image: IMAGE,
  environment: '{ A: "1", B: "2" }',
  sideKeys: '',
  web: '',
  deploy: 'replicas: 2',
  placement: '',
  update: '{ parallelism: 0, monitor: 1s, failure_action: rollback }',
  extra: '',
  side: 'replicas: 1',
  top: '',
};

const render = ({
  image,
  environment,
  sideKeys,
  web,
  deploy,
  placement,
  update,
  extra,
  side,
  top,
}: Parts) => `
services:
  web:
    image: ${image}
    command: [redis-server]
    environment: ${environment}
    secrets: [password]
    configs: [{ source: settings, target: /etc/settings }]
    ${web}
    deploy:
      ${deploy}
      ${placement}
      endpoint_mode: dnsrr
      update_config: ${update}
      restart_policy: { delay: 1s }
  side:
    image: ${IMAGE}
    command: [redis-server]
    ${sideKeys}
    deploy: { ${side}, endpoint_mode: dnsrr, update_config: { monitor: 1s } }
  ${extra}
${top}
secrets: { password: { file: secrets/password.txt } }
configs: { settings: { file: settings.txt } }
`;

/** A stack small enough to be deployed once for each kind of change: `deploy/<name>` of the operator's project. */
export class Probe {
  readonly operator: Operator;
  readonly #name: string;
  readonly #folder: string;

  constructor(operator: Operator, name = 'probe') {
    this.operator = operator;
    this.#name = name;
    this.#folder = `deploy/${name}`;
  }

  async setUp(): Promise<void> {
    const { operator } = this;
    await operator.sh(`mkdir -p ${this.#folder}/secrets && cp deploy/registry.env ${this.#folder}/`);
    await operator.fillIn(`${this.#name}/cluster.env`, {
      ...MANAGER,
      STACK_NAME: this.#name,
      DEPLOY_TIMEOUT: '900',
    });
    await operator.fillIn(`${this.#name}/prod.env`, {});
    await this.setFile('secrets/password.txt', 'probe-hunter2-never-shown');
    await this.setFile('settings.txt', 'one');
    await this.setStack({});
  }

  async setStack(change: Partial<Parts>): Promise<void> {
    await this.setFile('stack.yml', render({ ...PARTS, ...change }));
  }

  async setFile(file: string, text: string): Promise<void> {
    await this.operator.write(`${this.#folder}/${file}`, text);
  }

  async setHook(name: string, script: string): Promise<void> {
    await this.setFile(`hooks/${name}`, `#!/bin/sh\n${script}\n`);
    await this.operator.sh(`chmod +x ${this.#folder}/hooks/${name}`);
  }

  async removeFile(file: string): Promise<void> {
    await this.operator.sh(`rm ${this.#folder}/${file}`);
  }

  run(
    [command = '', ...words]: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<Output> {
    return this.operator.waggle([command, '--env', this.#name, ...words], {
      env: { DEPLOY_TAG: 'v1', ...env },
    });
  }

  /** Takes the lock of a run that was killed; the next would check that the lock is renewed for half a minute. */
  async unlock(): Promise<void> {
    const { stdout: locked } = await this.run(['unlock']);
    const [, id = ''] = /`waggle unlock (\w+)`/.exec(locked) ?? [];
    const { stdout } = await this.run(['unlock', id]);
    if (!stdout.includes(`${this.#name} is not locked any more; it was by`)) throw new Error(stdout);
  }

  async plan(env: Readonly<Record<string, string>> = {}): Promise<{ plan: SavedPlan; output: Output }> {
    const output = await this.run(['plan', '--json', '--detailed-exitcode'], env);
    if (output.stdout === '') throw new Error(`no plan: ${output.stderr}`);
    return { plan: JSON.parse(output.stdout), output };
  }

  /** The name of a node on which the service `web` has no task. */
  async freeNode(): Promise<string> {
    const { lab } = this.operator;
    const [nodes, tasks] = await Promise.all([
      askSwarm<{ ID: string; Description: { Hostname: string } }[]>(lab, '/nodes'),
      askSwarm<{ NodeID: string }[]>(lab, '/tasks', {
        service: [`${this.#name}_web`],
        'desired-state': ['running'],
      }),
    ]);
    const free = nodes.find(({ ID }) => tasks.every(({ NodeID }) => NodeID !== ID));
    if (!free) throw new Error('every node runs a task of web');
    return free.Description.Hostname;
  }

  /** Service -> ids of its running tasks, as the Swarm says it. */
  async tasks(): Promise<Record<string, string[]>> {
    const { lab } = this.operator;
    const label = { label: [`com.docker.stack.namespace=${this.#name}`] };
    const services = await askSwarm<{ ID: string; Spec: { Name: string } }[]>(lab, '/services', label);
    const tasks = await askSwarm<{ ID: string; ServiceID: string; Status: { State: string } }[]>(
      lab,
      '/tasks',
      {
        ...label,
        'desired-state': ['running'],
      },
    );
    const entries = services.map(({ ID, Spec }) => {
      const own = tasks.filter(({ ServiceID, Status }) => ServiceID === ID && Status.State === 'running');
      return [Spec.Name.replace(`${this.#name}_`, ''), own.map((task) => task.ID).sort()];
    });
    return Object.fromEntries(entries);
  }
}

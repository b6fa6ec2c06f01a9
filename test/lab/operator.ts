import { fileURLToPath } from 'node:url';
import { installWaggle } from '../../src/lab/install-waggle.ts';
import type { ExecOptions, Machine, Output, RunningCommand } from '../../src/lab/machine.ts';
import { fillIn, PROJECT, registrySettings } from '../../src/lab/move-in.ts';
import { type Lab, MANAGER, REGISTRY } from '../../src/lab/topology.ts';
import { type Planted, plant } from './planted.ts';

/** This checkout. */
export const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
const OPERATOR = { user: 'operator', cwd: PROJECT } as const;

/**
 * A busy engine may fail to start a container for a reason of its own: it cannot make the secrets' tmpfs read-only
 * while a process that is just being forked still holds a file in it. The deploy was rightly taken back; once more.
 */
const ENGINE_RACE = 'unable to remount dir as readonly';

/** The values of the secrets that the operator deploys: tests look for them where they must not be. */
export const SECRETS: Readonly<Record<string, string>> = {
  'postgres_password.txt': 'pg-hunter2-never-shown',
  'secret_key.txt': 'key-hunter2-never-shown',
  'email_host_password.txt': 'mail-hunter2-never-shown',
  'fcm_server_key.txt': 'fcm-hunter2-never-shown',
  'apns_auth_key.p8': '-----BEGIN PRIVATE KEY-----\napns-hunter2-never-shown\n-----END PRIVATE KEY-----\n',
};
export const B2_APP_KEY = 'b2-hunter2-never-shown $HOME \'"#';

export const CLUSTER_ENV: Readonly<Record<string, string>> = {
  ...MANAGER,
  STACK_NAME: 'shop',
  STACK_FILES: 'stack.yml:lab.yml',
  DEPLOY_HEALTHCHECK_URL: 'http://bastion.lab:8080/health body={{version}}',
  // A machine that is busy takes its time; only what hangs is to fail for it.
  DEPLOY_TIMEOUT: '1200',
  PROGRESS_DEADLINE: '600',
  REDIS_IMAGE: `${REGISTRY.host}/library/redis:7`,
  DOZZLE_IMAGE: `${REGISTRY.host}/library/dozzle:8`,
};

/** What somebody has in ~/.ssh/config who calls the nodes by their names. */
export const NODES = [1, 2, 3].map((at) => `Host m${at}\n  HostName bastion.lab\n  Port 220${at}\n`).join('');

/** The person at one of the machines to deploy from: a checkout of the reference product, and the built CLI to deploy it with. */
export class Operator {
  readonly lab: Lab;
  readonly machine: Machine;
  #said = '';
  #planted: Promise<Planted> | undefined;

  constructor(lab: Lab, machine = lab.workstation) {
    this.lab = lab;
    this.machine = machine;
  }

  installWaggle(): Promise<void> {
    return installWaggle([this.machine], REPOSITORY);
  }

  /** A fresh checkout of the reference product with its deploy folder filled in. */
  async checkOut(): Promise<void> {
    await this.machine.copyIn(REPOSITORY, PROJECT, 'operator:operator', [
      './node_modules',
      './dist',
      './.git',
      './src',
      './app/node_modules',
      './app/dist',
      './deploy/*.env',
      './deploy/secrets/*.txt',
      './deploy/secrets/*.p8',
    ]);
    await this.fillIn('cluster.env', CLUSTER_ENV);
    await this.fillIn('registry.env', registrySettings('shop'));
    (await this.planted).add(B2_APP_KEY);
    await this.fillIn('prod.env', {
      B2_ENDPOINT: 'https://s3.lab',
      B2_KEY_ID: 'lab-key',
      B2_BUCKET_NAME: 'lab-uploads',
      B2_APP_KEY: `\`${B2_APP_KEY}\``,
    });
    for (const [file, value] of Object.entries(SECRETS)) await this.write(`deploy/secrets/${file}`, value);
    await this.sh(
      'cp test/lab/lab.yml deploy/ && git init --quiet && git config user.email operator@lab && git config user.name operator',
    );
    // One root on every machine: it is one project.
    const at = '2026-01-01T00:00:00Z';
    await this.sh(
      `GIT_AUTHOR_DATE=${at} GIT_COMMITTER_DATE=${at} git commit --quiet --allow-empty --message begun`,
    );
    await this.commit('first version');
  }

  /** Commits a new version; gives its tag. */
  async commit(message: string): Promise<string> {
    await this.sh(
      `echo ${JSON.stringify(message)} >version.txt && git add -A && git commit --quiet --message ${JSON.stringify(message)}`,
    );
    return this.sh('git rev-parse --short HEAD');
  }

  fillIn(file: string, values: Readonly<Record<string, string>>): Promise<void> {
    return fillIn(this.machine, file, values);
  }

  async write(path: string, text: string): Promise<void> {
    if (path.includes('/secrets/')) (await this.planted).add(text);
    await this.machine.writeFile(`${PROJECT}/${path}`, text, {
      mode: '600',
      owner: 'operator:operator',
    });
  }

  async sh(script: string): Promise<string> {
    return this.machine.run(['sh', '-c', script], OPERATOR);
  }

  async hasProject(): Promise<boolean> {
    return (await this.machine.exec(['test', '-e', `${PROJECT}/deploy/cluster.env`])).code === 0;
  }

  /** What no command of Waggle's may say. */
  get planted(): Promise<Planted> {
    this.#planted ??= plant(this.lab);
    return this.#planted;
  }

  /** The last that any command of Waggle's has said here. */
  get said(): string {
    return this.#said;
  }

  async waggle(argv: readonly string[], options: ExecOptions = {}): Promise<Output> {
    const run = () => this.startWaggle(argv, options).output;
    const output = await run();
    if (!output.stderr.includes(ENGINE_RACE)) return output;
    console.warn(`flaky: waggle ${argv.join(' ')}: ${ENGINE_RACE}: done once more`);
    return run();
  }

  startWaggle(argv: readonly string[], options: ExecOptions = {}): RunningCommand {
    const running = this.machine.start(['waggle', ...argv], this.#heard(argv, options));
    const output = running.output.then(async (said) => {
      (await this.planted).expectNoneIn(said.stdout + said.stderr, argv, options.env);
      return said;
    });
    return { ...running, output };
  }

  #heard(argv: readonly string[], { onOutput, ...options }: ExecOptions): ExecOptions {
    this.#said = `$ waggle ${argv.join(' ')}\n`;
    return {
      ...OPERATOR,
      ...options,
      // Tests act when a step begins, however short it is.
      env: { WAGGLE_VERBOSE: '1', ...options.env },
      onOutput: (text) => {
        this.#said += text;
        onOutput?.(text);
      },
    };
  }
}

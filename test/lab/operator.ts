import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { localShell } from '../../src/shared/shell.ts';
import type { ExecOptions, Output, RunningCommand } from './machine.ts';
import { type Lab, REGISTRY } from './topology.ts';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
const PROJECT = '/home/operator/project';
const OPERATOR = { user: 'operator', cwd: PROJECT } as const;

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
  DEPLOY_MANAGER_HOST: 'bastion.lab',
  DEPLOY_MANAGER_SSH_PORT: '2201',
  STACK_NAME: 'shop',
  STACK_FILES: 'stack.yml:lab.yml',
  DEPLOY_HEALTHCHECK_URL: 'http://bastion.lab:8080/health',
  DEPLOY_TIMEOUT: '120',
  REDIS_IMAGE: `${REGISTRY.host}/library/redis:7`,
  DOZZLE_IMAGE: `${REGISTRY.host}/library/dozzle:8`,
};

/** The person at the workstation: a checkout of the reference product, and the built CLI to deploy it with. */
export class Operator {
  readonly lab: Lab;

  constructor(lab: Lab) {
    this.lab = lab;
  }

  /** Installs the CLI as its package would be: built, with production dependencies only. */
  async installWaggle(): Promise<void> {
    const folder = mkdtempSync(join(tmpdir(), 'waggle-install-'));
    for (const part of ['dist', 'package.json', 'package-lock.json'])
      cpSync(join(REPOSITORY, part), join(folder, part), { recursive: true });
    const { exitCode, stderr } = await localShell(['npm', 'ci', '--omit=dev', '--ignore-scripts'], {
      cwd: folder,
    });
    if (exitCode !== 0) throw new Error(`cannot install the CLI: ${stderr}`);
    await this.lab.workstation.copyIn(folder, '/opt/waggle', 'root');
    rmSync(folder, { recursive: true });
    await this.lab.workstation.run(['ln', '-sf', '/opt/waggle/dist/main.js', '/usr/local/bin/waggle']);
    await this.lab.workstation.run(['chmod', '+x', '/opt/waggle/dist/main.js']);
  }

  /** A fresh checkout of the reference product with its deploy folder filled in. */
  async checkOut(): Promise<void> {
    const { workstation } = this.lab;
    await workstation.copyIn(REPOSITORY, PROJECT, 'operator:operator', [
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
    await this.fillIn('registry.env', {
      REGISTRY: REGISTRY.host,
      REGISTRY_NAMESPACE: 'shop',
      REGISTRY_USERNAME: REGISTRY.username,
      REGISTRY_TOKEN: REGISTRY.password,
    });
    await this.fillIn('prod.env', {
      B2_ENDPOINT: 'https://s3.example.net',
      B2_KEY_ID: 'lab-key',
      B2_BUCKET_NAME: 'lab-uploads',
      B2_APP_KEY: `\`${B2_APP_KEY}\``,
    });
    for (const [file, value] of Object.entries(SECRETS)) await this.write(`deploy/secrets/${file}`, value);
    await this.sh(
      'cp test/lab/lab.yml deploy/ && git init --quiet && git config user.email operator@lab && git config user.name operator',
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

  async fillIn(file: string, values: Readonly<Record<string, string>>): Promise<void> {
    const lines = Object.entries(values).map(([key, value]) => `${key}=${value}\n`);
    await this.write(`deploy/${file}`, lines.join(''));
  }

  async write(path: string, text: string): Promise<void> {
    await this.lab.workstation.writeFile(`${PROJECT}/${path}`, text, {
      mode: '600',
      owner: 'operator:operator',
    });
  }

  async sh(script: string): Promise<string> {
    return this.lab.workstation.run(['sh', '-c', script], OPERATOR);
  }

  async waggle(argv: readonly string[], options: ExecOptions = {}): Promise<Output> {
    return this.lab.workstation.exec(['waggle', ...argv], { ...OPERATOR, ...options });
  }

  startWaggle(argv: readonly string[], options: ExecOptions = {}): RunningCommand {
    return this.lab.workstation.start(['waggle', ...argv], { ...OPERATOR, ...options });
  }
}

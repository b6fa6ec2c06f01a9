import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { onTestFinished } from 'vitest';
import { BUILT, type Program } from './build-app.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const NAMES = ['postgres_password', 'secret_key', 'email_host_password', 'fcm_server_key', 'apns_auth_key'];
/** Part of every secret's value here: it must never be in any output. */
export const SECRET_VALUE = 'hunter2';
/** Nothing listens there: port 1 needs privileges and is long out of use. */
const NO_REDIS = { REDIS_HOST: '127.0.0.1', REDIS_PORT: '1' };

export type Env = Readonly<Record<string, string>>;

/** A folder with the secrets of all services except the absent ones. */
export function secretsFolder(absent: readonly string[] = []): string {
  const folder = mkdtempSync(join(tmpdir(), 'shop-secrets-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const name of NAMES.filter((each) => !absent.includes(each)))
    writeFileSync(join(folder, name), `${name}-${SECRET_VALUE}\n`);
  return folder;
}

/** Runs a program as its container would, with only this environment. */
export class App {
  output = '';
  readonly ended: Promise<number | null>;
  readonly #child: ChildProcess;

  constructor(program: Program, env: Env = {}, argv: readonly string[] = []) {
    const defaults = { PATH: process.env.PATH ?? '', PORT: '0', HEALTH_PORT: '0', ...NO_REDIS };
    this.#child = spawn(process.execPath, [join(BUILT, `${program}.mjs`), ...argv], {
      cwd: ROOT,
      env: { ...defaults, SECRETS_DIR: secretsFolder(), ...env },
    });
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.on('data', (text) => {
        this.output += text;
      });
    this.ended = once(this.#child, 'close').then(([code]) => code);
    onTestFinished(() => void this.#child.kill('SIGKILL'));
  }

  /** Waits for a line in the output; gives the match. */
  async said(line: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = line.exec(this.output);
      if (match) return match;
      if (this.#child.exitCode !== null) throw new Error(`it ended and never said ${line}: ${this.output}`);
      await new Promise((done) => setTimeout(done, 10));
    }
  }

  async url(path: string): Promise<string> {
    const [, port] = await this.said(/listening on port (\d+)/);
    return `http://127.0.0.1:${port}${path}`;
  }

  async get(path: string): Promise<{ code: number; body: unknown }> {
    const response = await fetch(await this.url(path));
    return { code: response.status, body: await response.json() };
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }
}

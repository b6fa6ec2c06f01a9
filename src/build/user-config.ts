import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { DeployError } from '../shared/errors.ts';
import { isMap } from '../shared/is-map.ts';
import type { Shell } from '../shared/shell.ts';

/** Where the user's own Docker configuration is. */
export const userFolder = () => resolve(process.env.DOCKER_CONFIG || join(homedir(), '.docker'));

/** `auth` is base64 of user:password; empty where a helper has the login. */
export interface StoredLogin {
  readonly auth?: string;
  readonly identitytoken?: string;
}

/** The part of the user's own config.json that is looked into. */
export interface UserConfig {
  readonly auths?: Readonly<Record<string, StoredLogin>>;
  readonly credHelpers?: Readonly<Record<string, string>>;
  readonly credsStore?: string;
  /** Where plugins are, proxies for builds, and whatever else is set. */
  readonly [key: string]: unknown;
}

/** Of DOCKER_CONFIG, or ~/.docker. */
export async function readUserConfig(folder = userFolder()): Promise<UserConfig> {
  const file = join(folder, 'config.json');
  const text = await readFile(file, 'utf8').catch(() => '{}');
  const config = parseJson(text);
  if (isMap(config)) return config;
  // Without the parser's own words: they may hold a part of a login.
  throw new DeployError('CONFIG_INVALID', `${file} is no JSON object`, {
    hint: 'correct it, or move it away and log in again: docker login',
  });
}

/** The registries that the user's store has a login for, each with the store as its helper. */
export async function listStored(store: string, local: Shell): Promise<Readonly<Record<string, string>>> {
  const { exitCode, stdout } = await local([`docker-credential-${store}`, 'list']);
  const servers = exitCode === 0 ? parseJson(stdout) : undefined;
  return Object.fromEntries(Object.keys(isMap(servers) ? servers : {}).map((server) => [server, store]));
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

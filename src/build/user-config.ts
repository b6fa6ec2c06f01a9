import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { DeployError } from '../shared/errors.ts';
import { readText } from '../shared/read-file.ts';

/** Where the user's own Docker configuration is. */
export const userFolder = () => resolve(process.env.DOCKER_CONFIG || join(homedir(), '.docker'));

/** `auth` is base64 of user:password, which some write in clear; empty where a helper has the login. */
export interface StoredLogin {
  readonly auth?: string;
  readonly username?: string;
  readonly password?: string;
  readonly identitytoken?: string;
}

/** The part of the user's own config.json that is looked into. */
export interface UserConfig {
  readonly auths?: Readonly<Record<string, StoredLogin>>;
  readonly credHelpers?: Readonly<Record<string, string>>;
  readonly credsStore?: string;
  /** Folders of plugins, proxies for builds, and all other settings. */
  readonly [key: string]: unknown;
}

const text = z.string().optional();
const loginSchema = z.looseObject({ auth: text, username: text, password: text, identitytoken: text });
const configSchema = z.looseObject({
  auths: z.record(z.string(), loginSchema).optional(),
  credHelpers: z.record(z.string(), z.string()).optional(),
  credsStore: text,
});

/** Of DOCKER_CONFIG, or ~/.docker. To Docker, `null` is the same as nothing, and so is an empty file. */
export async function readUserConfig(folder = userFolder()): Promise<UserConfig> {
  const file = join(folder, 'config.json');
  const found = (await readText(file)) ?? '';
  const config = configSchema.safeParse(/^\s*(null\s*)?$/.test(found) ? {} : parseJson(found));
  if (config.success) return config.data as UserConfig;
  // Without the parser's own words: they may hold a part of a login.
  throw new DeployError('CONFIG_INVALID', `${file} is not a Docker configuration`, {
    details: config.error.issues.map(({ path }) => `${path.join('.') || 'the file'} has a wrong type`),
    hint: 'correct it, or move it away and log in again: docker login',
  });
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text, (_key, value) => value ?? undefined);
  } catch {
    return undefined;
  }
}

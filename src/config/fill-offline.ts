import { join } from 'node:path';
import { parse as parseDotenv } from 'dotenv';
import type { Inputs } from './inputs.ts';

/** What stands for a setting that is still empty, where nobody is asked. No host is called `.invalid`. */
const STAND_INS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'cluster.env': { DEPLOY_MANAGER_HOST: 'manager.invalid' },
  'registry.env': {
    REGISTRY: 'registry.invalid',
    REGISTRY_NAMESPACE: 'namespace',
    REGISTRY_USERNAME: 'not-filled-in',
    REGISTRY_TOKEN: 'not-filled-in',
  },
};

export interface Filled {
  readonly inputs: Inputs;
  /** The settings that are still empty: `REGISTRY in deploy/registry.env`. */
  readonly unfilled: readonly string[];
}

/** Puts stand-ins into the lines of settings that only a connection needs, so that a stack can be read without them. */
export function fillOffline(inputs: Inputs): Filled {
  const texts: Record<string, string> = { ...inputs.texts };
  const environment: Record<string, string> = { ...inputs.environment };
  const unfilled: string[] = [];
  for (const [file, standIns] of Object.entries(STAND_INS)) {
    if (texts[file] === undefined) continue;
    for (const [key, value] of Object.entries(standIns)) {
      const set = environment[key] ?? parseDotenv(texts[file])[key] ?? '';
      if (set.trim() !== '') continue;
      delete environment[key];
      texts[file] = setLine(texts[file], key, value);
      unfilled.push(`${key} in ${join(inputs.folder, file)}`);
    }
  }
  return { inputs: { ...inputs, texts, environment }, unfilled };
}

/** Every other line stays where it is. */
function setLine(text: string, key: string, value: string): string {
  const line = new RegExp(`^[ \\t]*(export[ \\t]+)?${key}[ \\t]*=.*$`, 'm');
  return line.test(text) ? text.replace(line, `${key}=${value}`) : `${text.trimEnd()}\n${key}=${value}\n`;
}

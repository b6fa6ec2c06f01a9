import type { Destination } from '../shared/destination.ts';
import { type Endpoint, knownHostName } from './endpoint.ts';

/** What `~` and the tokens of ssh_config(5) stand for. */
export interface Surroundings {
  readonly home: string;
  readonly agent: string | undefined;
}

export interface ParsedConfig {
  readonly endpoint: Endpoint;
  /** A setting that cannot be done without and that Waggle does not do. */
  readonly unsupported: string | undefined;
}

/** Reads what `ssh -G` prints: one setting a line, defaults and all. */
export function parseSshConfig(
  text: string,
  { name }: Destination,
  surroundings: Surroundings,
): ParsedConfig {
  const settings = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const [, key = '', value = ''] = /^(\S+) (.*)$/.exec(line) ?? [];
    settings.set(key, [...(settings.get(key) ?? []), value]);
  }
  const one = (key: string) => settings.get(key)?.[0];
  const [host, user] = [one('hostname') ?? name, one('user') ?? ''];
  const tokens: Readonly<Record<string, string>> = {
    '%d': surroundings.home,
    '%h': host,
    '%n': name,
    '%r': user,
    '%%': '%',
  };
  const path = (value: string) =>
    value.replace(/^~(?=\/)/, surroundings.home).replace(/%./g, (token) => tokens[token] ?? token);
  const proxy = one('proxycommand');
  const port = Number(one('port') ?? 22);
  return {
    endpoint: {
      name,
      host,
      port,
      user,
      identityFiles: (settings.get('identityfile') ?? []).filter((file) => file !== 'none').map(path),
      identitiesOnly: one('identitiesonly') === 'yes',
      agent: agentOf(one('identityagent'), surroundings, path),
      knownAs: one('hostkeyalias') ?? knownHostName(host, port),
      knownHostsFiles: ['userknownhostsfile', 'globalknownhostsfile']
        .flatMap((key) => (one(key) ?? '').split(' '))
        .filter((file) => file !== '' && file !== 'none')
        .map(path),
      jumps: (one('proxyjump') ?? 'none').split(',').filter((jump) => jump !== 'none'),
    },
    unsupported: proxy === undefined || proxy === 'none' ? undefined : 'ProxyCommand',
  };
}

function agentOf(
  setting: string | undefined,
  { agent }: Surroundings,
  path: (value: string) => string,
): string | undefined {
  if (setting === undefined || setting === 'SSH_AUTH_SOCK') return agent;
  return setting === 'none' ? undefined : path(setting);
}

import type { Destination } from '../shared/destination.ts';
import { type Endpoint, knownHostName } from './endpoint.ts';

/** What `~` and the tokens of ssh_config(5) stand for. */
export interface SshConfigInputs {
  readonly home: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Reads what `ssh -G` prints: one setting a line, defaults and all. */
export function parseSshConfig(text: string, { name }: Destination, surroundings: SshConfigInputs): Endpoint {
  const settings = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const [, key = '', value = ''] = /^(\S+) (.*)$/.exec(line) ?? [];
    settings.set(key, [...(settings.get(key) ?? []), value]);
  }
  const one = (key: string) => settings.get(key)?.[0];
  const [host, user, port] = [one('hostname') ?? name, one('user') ?? '', Number(one('port') ?? 22)];
  const tokens: Readonly<Record<string, string>> = {
    '%d': surroundings.home,
    '%h': host,
    '%n': name,
    '%p': String(port),
    '%r': user,
    '%%': '%',
  };
  const variable = (token: string) => surroundings.environment[token.slice('${'.length, -1)];
  // In one go: what is put in is not looked at again.
  const path = (value: string) =>
    value
      .replace(/^~(?=\/)/, surroundings.home)
      .replace(/%.|\$\{\w+\}/g, (token) => tokens[token] ?? variable(token) ?? token);
  return {
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
    revokedKeysFile: unlessNone(one('revokedhostkeys'), path),
    jumps: (one('proxyjump') ?? 'none').split(',').filter((jump) => jump !== 'none'),
    // All else in it is the shell's.
    proxyCommand: unlessNone(one('proxycommand'), (value) =>
      value.replace(/%./g, (token) => tokens[token] ?? token),
    ),
  };
}

type Expand = (value: string) => string;

/** A variable may be named alone, `$NAME`, and nothing is expanded in what it holds. */
function agentOf(
  setting = 'SSH_AUTH_SOCK',
  { environment }: SshConfigInputs,
  path: Expand,
): string | undefined {
  if (setting === 'SSH_AUTH_SOCK') return environment.SSH_AUTH_SOCK;
  const [, name] = /^\$(\w+)$/.exec(setting) ?? [];
  return name === undefined ? unlessNone(setting, path) : environment[name];
}

const unlessNone = (setting = 'none', path: Expand) => (setting === 'none' ? undefined : path(setting));

import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type Destination, parseDestination } from '../shared/destination.ts';
import { DeployError } from '../shared/errors.ts';
import type { Shell } from '../shared/shell.ts';
import type { Endpoint } from './endpoint.ts';
import { parseSshConfig } from './parse-ssh-config.ts';

/** A bastion whose own way leads through bastions may be set up in a circle. */
const MAX_HOPS = 10;

/**
 * The hosts to go through, the manager last, as `ssh` itself would go: `ssh -G` evaluates ~/.ssh/config with its
 * patterns, Match and Include. Without an ssh on this machine there is no such configuration.
 */
export async function readRoute(
  destination: Destination,
  shell: Shell,
  warn: (text: string) => void,
): Promise<readonly Endpoint[]> {
  return readWay(destination, { shell, warn }, undefined, 1);
}

interface RouteInputs {
  readonly shell: Shell;
  readonly warn: (text: string) => void;
}

/** The first bastion of a list may have a way of its own; each other one is reached through the one before. */
async function readWay(
  destination: Destination,
  reading: RouteInputs,
  given: readonly string[] | undefined,
  depth: number,
): Promise<readonly Endpoint[]> {
  if (depth > MAX_HOPS) throw tooFar(destination);
  const endpoint = await readEndpoint(destination, reading);
  const jumps = given ?? endpoint.jumps;
  const last = jumps.at(-1);
  if (last === undefined) return [endpoint];
  const before = jumps.length > 1 ? jumps.slice(0, -1) : undefined;
  return [...(await readWay(parseDestination(last), reading, before, depth + 1)), { ...endpoint, jumps }];
}

async function readEndpoint(destination: Destination, { shell, warn }: RouteInputs): Promise<Endpoint> {
  const { name, user, port } = destination;
  const given = [...(user ? ['-l', user] : []), ...(port ? ['-p', String(port)] : [])];
  const { exitCode, stdout, stderr } = await shell(['ssh', '-G', ...given, '--', name]);
  const isInstalled = exitCode !== undefined && exitCode !== 127;
  if (isInstalled && exitCode !== 0)
    throw new DeployError('CONFIG_INVALID', `ssh cannot read its configuration for ${name}`, {
      details: [stderr.trim()],
      hint: `run: ssh -G ${name}`,
    });
  if (!isInstalled && existsSync(join(homedir(), '.ssh/config')))
    warn("~/.ssh/config does not count: there is no ssh here to read it with; install OpenSSH's client");
  const text = isInstalled ? stdout : DEFAULTS(destination);
  const endpoint = parseSshConfig(text, destination, { home: homedir(), environment: process.env });
  if (endpoint.proxyCommand !== undefined && SPECIAL.test(endpoint.host + endpoint.user))
    throw new DeployError(
      'CONFIG_INVALID',
      `${name} has characters that its ProxyCommand must not be given`,
      {
        hint: 'a shell would take them for more than a name: correct the host or the user',
      },
    );
  return endpoint;
}

/** What ssh refuses, too, in names that it puts into a command. */
const SPECIAL = /[\s'"`$\\;&<>|(){}]/;

/** What `ssh -G` would print for a host that no configuration knows. */
const DEFAULTS = ({ name, user = 'deploy', port = 22 }: Destination) =>
  [
    `hostname ${name}`,
    `user ${user}`,
    `port ${port}`,
    ...['id_ed25519', 'id_ecdsa', 'id_rsa'].map((file) => `identityfile ~/.ssh/${file}`),
    'userknownhostsfile ~/.ssh/known_hosts',
    'globalknownhostsfile /etc/ssh/ssh_known_hosts',
  ].join('\n');

function tooFar({ name }: Destination): DeployError {
  return new DeployError('CONFIG_INVALID', `the way to ${name} leads through more than ${MAX_HOPS} hosts`, {
    hint: 'see whether the ProxyJump lines of ~/.ssh/config lead in a circle',
  });
}

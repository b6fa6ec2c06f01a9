import type { Endpoint } from '../../src/ssh/endpoint.ts';

/** What ssh would know of a server on this machine: nothing but where it is. */
export function endpointAt(port: number, change: Partial<Endpoint> = {}): Endpoint {
  return {
    name: 'm1',
    host: '127.0.0.1',
    port,
    user: 'deploy',
    identityFiles: [],
    identitiesOnly: false,
    agent: undefined,
    knownAs: `[127.0.0.1]:${port}`,
    knownHostsFiles: [],
    revokedKeysFile: undefined,
    jumps: [],
    proxyCommand: undefined,
    ...change,
  };
}

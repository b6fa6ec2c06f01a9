/** One host on the way to a manager, with everything that `ssh` would know of it. */
export interface Endpoint {
  /** As the operator names it: for messages. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** Private keys, in the order they are offered; files that are not there are passed over. */
  readonly identityFiles: readonly string[];
  /** Of the agent's keys, offer only those of `identityFiles`. */
  readonly identitiesOnly: boolean;
  /** The agent's socket. */
  readonly agent: string | undefined;
  /** The name that its key is known by. */
  readonly knownAs: string;
  readonly knownHostsFiles: readonly string[];
  /** Keys that no host may show. */
  readonly revokedKeysFile: string | undefined;
  /** Hosts to go through first, `user@host:port`, the nearest first. */
  readonly jumps: readonly string[];
  /** A shell command that speaks with its sshd by input and output, where there is no TCP to it; undefined: there is. */
  readonly proxyCommand: string | undefined;
}

export const describeEndpoint = ({ user, host, port }: Endpoint) => `${user}@${host}:${port}`;

/** The name that known_hosts has it by, unless it has an alias. */
export const knownHostName = (host: string, port: number) => (port === 22 ? host : `[${host}]:${port}`);

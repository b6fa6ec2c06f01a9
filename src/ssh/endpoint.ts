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
  /** Hosts to go through first, `user@host:port`, the nearest first. */
  readonly jumps: readonly string[];
}

/** What is asked for: a name that ~/.ssh/config may know, and what of it was set elsewhere. */
export interface Destination {
  readonly name: string;
  readonly user?: string | undefined;
  readonly port?: number | undefined;
}

export const describeEndpoint = ({ user, host, port }: Endpoint) => `${user}@${host}:${port}`;

/** `deploy@bastion:2222`, `ssh://bastion` or `[::1]:22` -> its parts. */
export function parseDestination(text: string): Destination {
  const plain = text.replace(/^ssh:\/\//, '').replace(/\/$/, '');
  const at = plain.lastIndexOf('@');
  const [, bracketed, bare, port] =
    /^(?:\[([^\]]+)\]|([^:]+|.*:.*:.*?))(?::(\d+))?$/.exec(plain.slice(at + 1)) ?? [];
  return {
    name: bracketed ?? bare ?? plain,
    user: at < 0 ? undefined : plain.slice(0, at),
    port: port === undefined ? undefined : Number(port),
  };
}

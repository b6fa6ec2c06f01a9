import { isIPv6 } from 'node:net';

/** A host to log in to: a name that ~/.ssh/config may know, and the parts that were given with the name. */
export interface Destination {
  readonly name: string;
  readonly user?: string | undefined;
  readonly port?: number | undefined;
}

/** `bastion:2222`: the same for every user. */
export const addressOf = ({ name, port }: Destination): string =>
  port === undefined ? name : `${name}:${port}`;

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

/** What ssh takes for a host: nothing that a shell would read as something else. */
const NAME = /^(?!-)[^\s:@/%'"`$\\;&<>|(){},]+$/;

/** Whether it can be a host: what a slip leaves in its name, or a password in its user, cannot. */
export function isDestination({ name, user = 'anybody', port = 22 }: Destination): boolean {
  const isName = isIPv6(name) || NAME.test(name);
  return isName && /^[^\s:-][^\s:]*$/.test(user) && port > 0 && port < 65536;
}

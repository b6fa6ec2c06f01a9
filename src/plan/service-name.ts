import { createHash } from 'node:crypto';

/** What Swarm takes as the name of a service or a network. */
export const LONGEST_SERVICE_NAME = 63;
export const SERVICE_NAME = /^[a-zA-Z0-9]([\w-]*[a-zA-Z0-9])?$/;

const HASH_LENGTH = 12;

/** The name of a service of Waggle's own: like the one it is for, and where that is too long, with a hash at its end. */
export function helperName(stack: string, service: string): string {
  const name = `${stack}_${service}`;
  if (name.length <= LONGEST_SERVICE_NAME) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, HASH_LENGTH);
  return `${name.slice(0, LONGEST_SERVICE_NAME - HASH_LENGTH - 1)}-${hash}`;
}

import { type Cause, hostOf } from './cause.ts';

/** Swarm says the same of every image that a node could not pull: why is only in the log of its engine. */
export const imageMissing: Cause = {
  name: 'image missing',
  explain: ({ task: { error, image }, node }) =>
    /no such image|pull access denied|manifest unknown/i.test(error)
      ? `the node cannot pull ${image}: check that it is pushed, and that the login in deploy/registry.env may pull it; else \`docker pull\` on ${hostOf({ node })} tells why: a certificate that it does not trust, a limit of pulls, a full disk`
      : undefined,
};

import type { Cause } from './cause.ts';

const TODO =
  'a network that it is on has a subnet that is too small for its tasks, or is there no more: `docker network inspect --verbose` tells who has which';

/** A task is `new` until Swarm has an address for it in each of its networks; why it has none is in the leader's log. */
export const noAddress: Cause = {
  name: 'no address',
  explain({ task: { error, state } }) {
    if (
      /ip addresses may be exhausted|no available (?:IPv\d )?address|could not find an available IP/i.test(
        error,
      )
    )
      return `it gets no address: ${TODO}`;
    return state === 'new' ? `Swarm has no address for it yet: most likely ${TODO}` : undefined;
  },
};

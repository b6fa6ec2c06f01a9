import { expect, test } from 'vitest';
import { explainQuorum } from '../../src/swarm/explain-quorum.ts';

/** As Docker 26 says it, when two of three engines are dead, and when two of three are cut off. */
test.each([
  [
    "rpc error: code = Unknown desc = The swarm does not have a leader. It's possible that too few managers are online.",
    true,
  ],
  ['rpc error: code = DeadlineExceeded desc = context deadline exceeded', true],
  ['the network shop_backend is in use', false],
  ['', false],
])('%j', (said, isIt) => {
  expect(explainQuorum(said)).toBe(
    isIt ? `too few managers are online: the Swarm has no leader (${said})` : undefined,
  );
});

import { expect, test } from 'vitest';
import { Channels } from '../../src/ssh/channels.ts';

/** A server that lets so many sessions be open, and the most that were. */
function server(allowed: number) {
  let open = 0;
  let most = 0;
  return {
    most: () => most,
    open: async () => {
      if (open === allowed) throw Object.assign(new Error('refused'), { reason: 1 });
      most = Math.max(most, ++open);
    },
    work: async () => {
      await new Promise(setImmediate);
      open--;
    },
  };
}

test.each([
  [10, 6],
  [2, 2],
  [1, 1],
])('of a server that allows %i sessions %i are used', async (allowed, expected) => {
  const channels = new Channels();
  const { open, work, most } = server(allowed);
  await Promise.all(Array.from({ length: 30 }, () => channels.use(open, work)));
  expect(most()).toBe(expected);
});

test('a server that allows none is no reason to wait', async () => {
  const { open, work } = server(0);
  await expect(new Channels().use(open, work)).rejects.toThrow('refused');
});

import { Duplex } from 'node:stream';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Pacer } from '../../src/ssh/pacer.ts';

const KB = 1024;

/** A line that carries nothing until it is told to, and on which a ping arrives after all that was sent before it. */
function line() {
  const sent: { readonly by: number; readonly data: Buffer; readonly arrived: () => void }[] = [];
  let isClosed = false;
  const pings: (() => void)[] = [];
  const pacer = new Pacer(() => new Promise<void>((resolve) => pings.push(resolve)));
  const channel = (by: number) =>
    pacer.pace(
      new Duplex({
        read: () => {},
        writableHighWaterMark: 16 * 1024 * KB,
        write(data: Buffer, _encoding, done) {
          if (isClosed) return;
          sent.push({ by, data, arrived: () => {} });
          done();
        },
      }),
    );
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return {
    channel,
    settle,
    /** Of everything that was sent. */
    total: () => sent.reduce((sum, { data }) => sum + data.length, 0),
    of: (by: number) => Buffer.concat(sent.filter((one) => one.by === by).map(({ data }) => data)),
    close: () => {
      isClosed = true;
    },
    underWay: () => pings.length,
    /** All that is under way arrives, so much later. */
    async arrive(ms: number) {
      vi.advanceTimersByTime(ms);
      for (const answer of pings.splice(0)) answer();
      await settle();
    },
  };
}

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

test('an upload waits for what is under way', async () => {
  const { channel, settle, total, arrive } = line();
  channel(1).write(Buffer.alloc(250 * KB));
  await settle();
  expect(total()).toBe(32 * KB);
  await arrive(5_000);
  expect(total()).toBeGreaterThan(32 * KB);
});

test('hundreds of small requests wait for their turn, too', async () => {
  const { channel, settle, total, underWay, arrive } = line();
  for (let by = 0; by < 300; by++) channel(by).write(Buffer.alloc(KB));
  await settle();
  expect(total()).toBe(32 * KB);
  while (underWay() > 0) await arrive(5_000);
  expect(total()).toBe(300 * KB);
});

test('several uploads share what may be under way, in turn', async () => {
  const { channel, settle, total, of, arrive } = line();
  channel(1).write(Buffer.alloc(250 * KB));
  channel(2).write(Buffer.alloc(250 * KB));
  await settle();
  expect(total()).toBe(32 * KB);
  for (let round = 0; round < 6; round++) await arrive(5_000);
  expect(of(1).length).toBeGreaterThan(0);
  expect(of(2).length).toBeGreaterThan(0);
});

test('a line that is slow never has more than one piece under way, and gets everything', async () => {
  const { channel, underWay, total, settle, arrive } = line();
  const upload = channel(1);
  let isDone = false;
  upload.write(Buffer.alloc(400 * KB), () => (isDone = true));
  await settle();
  await arrive(100);
  for (let round = 0; round < 4; round++) await arrive(5_000);
  const sizes = [];
  while (underWay() > 0) {
    sizes.push(underWay());
    await arrive(5_000);
  }
  expect(Math.max(...sizes)).toBe(1);
  expect(total()).toBe(400 * KB);
  expect(isDone).toBe(true);
});

test('a line that is quick carries a megabyte in few round trips, however long they are', async () => {
  const { channel, total, underWay, settle, arrive } = line();
  channel(1).write(Buffer.alloc(1024 * KB));
  await settle();
  let rounds = 0;
  for (; underWay() > 0; rounds++) await arrive(3_000);
  expect(total()).toBe(1024 * KB);
  expect(rounds).toBeLessThanOrEqual(6);
});

test('a channel that was closed in the middle of an upload holds back no other', async () => {
  const first = line();
  first.close();
  first.channel(1).write(Buffer.alloc(64 * KB));
  await first.settle();
  await first.arrive(10);
  expect(first.underWay()).toBe(0);
});

describe('whatever is written', () => {
  test('arrives whole and in its order', async () => {
    const chunk = fc.oneof(fc.integer({ min: 0, max: 10 * KB }), fc.integer({ min: 0, max: 100 * KB }));
    await fc.assert(
      fc.asyncProperty(fc.array(chunk, { maxLength: 8 }), async (lengths) => {
        const { channel, of, underWay, settle, arrive } = line();
        const chunks = lengths.map((length, at) => Buffer.alloc(length, at + 1));
        const stream = channel(1);
        for (const data of chunks) stream.write(data);
        await settle();
        while (underWay() > 0) await arrive(700);
        expect(of(1).equals(Buffer.concat(chunks))).toBe(true);
      }),
      { numRuns: 30 },
    );
  });
});

import { once } from 'node:events';
import { expect, test } from 'vitest';
import { TimeLimit, unlessAborted } from '../../src/shared/time-limit.ts';
import { collectGarbage } from '../fakes/collecting.ts';

const never = () => new Promise<never>(() => {});

test('a time limit ends a wait, whatever Node collects meanwhile', async () => {
  collectGarbage();
  using limit = new TimeLimit(1_000, new AbortController().signal);
  await expect(unlessAborted(never(), limit.signal)).rejects.toMatchObject({ name: 'TimeoutError' });
  expect(limit.isOver).toBe(true);
});

test('a signal that is joined ends a wait, whatever Node collects meanwhile', async () => {
  collectGarbage();
  const controller = new AbortController();
  using limit = new TimeLimit(Number.POSITIVE_INFINITY, new AbortController().signal, controller.signal);
  setTimeout(() => controller.abort(new Error('stopped')), 500);
  await once(limit.signal, 'abort');
  expect([limit.signal.reason.message, limit.isOver]).toEqual(['stopped', false]);
});

test.each([
  [0, true],
  [-1, true],
  [Number.POSITIVE_INFINITY, false],
  [2 ** 40, false],
])('a limit of %d ms is over at once: %s', async (ms, isOver) => {
  using limit = new TimeLimit(ms);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect([limit.isOver, limit.signal.aborted]).toEqual([isOver, isOver]);
});

test('a signal that was aborted before ends a wait at once', async () => {
  using limit = new TimeLimit(60_000, AbortSignal.abort(new Error('stopped')));
  await expect(unlessAborted(never(), limit.signal)).rejects.toThrow('stopped');
});

test('a limit that is disposed of does not end any more', async () => {
  const controller = new AbortController();
  const limit = new TimeLimit(10, controller.signal);
  limit[Symbol.dispose]();
  controller.abort();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect([limit.isOver, limit.signal.aborted]).toEqual([false, false]);
});

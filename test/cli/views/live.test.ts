import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { liveView } from '../../../src/cli/views/live.ts';
import { type LiveState, NOTHING, planState, renderFrame } from '../../../src/cli/views/live-state.ts';
import type { PartEvent, StepEvent } from '../../../src/shared/log.ts';

const SCREEN = { columns: 60, rows: 20, colour: false, now: 12_000 };
const after = (...events: readonly (StepEvent | PartEvent)[]): LiveState =>
  events.reduce((state, event) => planState(state, event, 0), NOTHING);
const part = (name: string, done: number, of: number, note = ''): PartEvent => ({
  part: name,
  done,
  of,
  note,
});
const waiting = { step: 'wait for convergence', state: 'started' } as const;

test('a step that runs has its seconds, and each part its slots', () => {
  const state = after(
    waiting,
    part('shop_api', 1, 3, 'preparing'),
    part('shop_web', 0, 1),
    part('shop_api', 2, 3),
  );
  expect(renderFrame(state, SCREEN).split('\n')).toEqual([
    '⠋ wait for convergence 12 s',
    '    shop_api  ■■□ 2/3',
    '    shop_web  □ 0/1',
  ]);
});

test('what is done leaves the picture, with its parts', () => {
  const ended = after(waiting, part('shop_api', 3, 3), { ...waiting, state: 'done', ms: 5 });
  expect(renderFrame(ended, SCREEN)).toBe('');
  expect(renderFrame(planState(ended, waiting, 0), SCREEN)).toBe('⠋ wait for convergence 12 s');
});

test('no line is wider than the terminal, and the picture is not higher', () => {
  const parts = Array.from({ length: 40 }, (_, at) =>
    part(`shop_${at}`, at < 20 ? 1 : 0, 1, 'x'.repeat(100)),
  );
  const lines = renderFrame(after(waiting, ...parts), { ...SCREEN, columns: 30, rows: 10 }).split('\n');
  expect(lines.every((line) => line.length < 30)).toBe(true);
  expect(lines.length).toBeLessThan(10);
  // Those that are done make room for the others.
  expect(lines[1]).toContain('shop_20');
  expect(lines.at(-1)).toBe('    and 34 more');
});

test.each([
  ['many tasks', part('shop_api', 7, 50), '7/50'],
  ['none', part('shop_api', 0, 0), '0/0'],
  ['more than are wanted', part('shop_api', 3, 2), '■■ 3/2'],
])('%s', (_what, event, shown) => {
  expect(renderFrame(after(waiting, event), SCREEN).split('\n')[1]).toBe(`    shop_api  ${shown}`);
});

test('what has happened stays, and nothing is drawn while somebody is asked', async () => {
  let text = '';
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += chunk;
      done();
    },
  });
  const view = liveView({ stream, isTerminal: true, colour: true });
  view.info(waiting, '');
  view.warn('take care');
  await view.suspended(async () => {
    text = '';
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(text).toBe('');
  });
  view.error({ ...waiting, state: 'failed', ms: 1500 }, '');
  expect(text).toContain('wait for convergence');
  expect(text).toContain('(1.5 s)');
});

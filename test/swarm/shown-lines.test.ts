import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ShownLines } from '../../src/swarm/shown-lines.ts';

const lineOf = (taskId: string, second: number, text: string) => ({
  time: `2026-11-22T05:00:${String(second).padStart(2, '0')}.000000000Z`,
  taskId,
  text,
});

test('each line of each task is shown once, wherever the reading breaks off', () => {
  const entry = fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.nat({ max: 2 }));
  fc.assert(
    fc.property(
      fc.array(entry, { maxLength: 30 }),
      fc.array(fc.nat({ max: 30 }), { maxLength: 4 }),
      (entries, breaks) => {
        const clocks = new Map<string, number>();
        const all = entries.map(([task, step], at) => {
          const second = (clocks.get(task) ?? 0) + step;
          clocks.set(task, second);
          return lineOf(task, second, `${task} ${at}`);
        });
        const shown = new ShownLines();
        const texts: string[] = [];
        for (const length of [...breaks.sort((one, other) => one - other), all.length]) {
          const since = shown.restart();
          for (const line of all.slice(0, length))
            if (Date.parse(line.time) / 1000 >= since && shown.isNew(line)) texts.push(line.text);
        }
        expect(texts.sort()).toEqual(all.map(({ text }) => text).sort());
      },
    ),
  );
});

test('the reading goes on from the task that is furthest behind', () => {
  const shown = new ShownLines();
  expect(shown.restart()).toBe(0);
  for (const line of [lineOf('a', 40, 'x'), lineOf('b', 20, 'y')]) shown.isNew(line);
  expect(shown.restart()).toBe(Date.parse('2026-11-22T04:59:20Z') / 1000);
});

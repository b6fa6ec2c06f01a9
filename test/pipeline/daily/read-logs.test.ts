import { expect, test, vi } from 'vitest';
import { readLogs } from '../../../src/pipeline/daily/read-logs.ts';
import type { LogLine, LogSource } from '../../../src/shared/service-log.ts';

const lineOf = (taskId: string, at: number): LogLine => ({
  time: `2026-11-22T05:00:00.${String(at).padStart(9, '0')}Z`,
  taskId,
  text: `${taskId} ${at}`,
});
const source = (id: string): LogSource => ({ kind: 'service', id, isTerminal: false });
const wish = { follow: false, since: 0, tail: 'all' } as const;

async function read(lines: Readonly<Record<string, readonly LogLine[] | 'silent'>>) {
  const shown: string[] = [];
  const warn = vi.fn();
  const swarm = {
    async *streamLog({ id }: LogSource) {
      const own = lines[id] ?? [];
      if (own === 'silent') await new Promise(() => {});
      else yield* own;
    },
  };
  const tools = { swarm, log: { warn }, signal: new AbortController().signal } as never;
  const reading = readLogs(
    tools,
    Object.keys(lines).map(source),
    wish,
    async ({ text }) => void shown.push(text),
  );
  return { reading, shown, warn };
}

test('few lines are sorted by time', async () => {
  const { reading, shown } = await read({
    a: [lineOf('a', 1), lineOf('a', 4)],
    b: [lineOf('b', 2), lineOf('b', 3)],
  });
  await reading;
  expect(shown).toEqual(['a 1', 'b 2', 'b 3', 'a 4']);
});

test('of very many lines none is lost, and those of a task keep their order', async () => {
  const many = (task: string) => Array.from({ length: 15_000 }, (_, at) => lineOf(task, at));
  const { reading, shown } = await read({ a: many('a'), b: many('b') });
  await reading;
  for (const task of ['a', 'b'])
    expect(shown.filter((text) => text.startsWith(task))).toEqual(many(task).map(({ text }) => text));
});

test('a silent node keeps nobody waiting, and the lines of the others are shown', async () => {
  vi.useFakeTimers();
  const { reading, shown, warn } = await read({ a: [lineOf('a', 1)], b: 'silent' });
  await vi.advanceTimersByTimeAsync(16_000);
  await reading;
  vi.useRealTimers();
  expect(shown).toEqual(['a 1']);
  expect(warn).toHaveBeenCalledWith(expect.stringContaining('lines may be missing'));
});

import { expect, test } from 'vitest';
import { silentLog } from '../../src/shared/recording-log.ts';
import type { LogOptions, LogSource } from '../../src/shared/service-log.ts';
import { followLogs } from '../../src/swarm/follow-logs.ts';
import { service, task } from '../fakes/swarm.ts';

const lineAt = (second: number, text: string) => ({
  time: `2026-11-21T21:54:${String(second).padStart(2, '0')}.5Z`,
  taskId: 't1',
  text,
});

/** A job that has said these lines; it notes from when on it was asked for them. */
function scene() {
  const said = [lineAt(1, 'first'), lineAt(2, '')];
  const asked: number[] = [];
  const told: unknown[] = [];
  let isCut = false;
  const swarm = {
    async *streamLog({ id }: LogSource, { since }: LogOptions) {
      asked.push(since);
      if (id === 'gone') throw new Error('its node is gone');
      for (const line of said) {
        if (Date.parse(line.time) / 1000 >= since) yield line;
        if (isCut) throw new Error('cut off');
      }
    },
  };
  const log = { ...silentLog, info: (line: unknown) => void told.push(line) };
  const follow = followLogs(swarm as never, log);
  const look = (...ids: readonly string[]) =>
    follow([
      {
        service: service('shop_migrate'),
        tasks: ids.map((id) => task({ id })),
        verdict: { kind: 'converged' },
      },
    ]);
  const cut = (is: boolean) => {
    isCut = is;
  };
  return { said, asked, told, look, cut };
}

test('each line is told once, and only what is new is asked for', async () => {
  const { said, asked, told, look } = scene();
  await look('t1');
  said.push(lineAt(2, 'of the same time'), lineAt(3, 'it is new'));
  await look('gone', 't1');
  await look('t1');
  expect(told).toEqual([
    'shop_migrate | first',
    'shop_migrate | of the same time',
    'shop_migrate | it is new',
  ]);
  const at = (second: number) => Math.floor(Date.parse(lineAt(second, '').time) / 1000);
  expect(asked).toEqual([0, 0, at(2) - 60, at(3) - 60]);
});

test('also the lines after many thousands', async () => {
  const { said, told, look } = scene();
  said.push(
    ...Array.from({ length: 9_000 }, (_, at) => ({
      ...lineAt(3, 'more'),
      time: `2026-11-21T21:54:03.${10_000 + at}Z`,
    })),
  );
  await look('t1');
  said.push(lineAt(4, 'last'));
  await look('t1');
  expect(told).toHaveLength(9_002);
  expect(told.at(-1)).toBe('shop_migrate | last');
});

test('a log that is cut off goes on where it was', async () => {
  const { said, told, look, cut } = scene();
  said[1] = lineAt(2, 'second');
  cut(true);
  await look('t1');
  cut(false);
  await look('t1');
  expect(told).toEqual(['shop_migrate | first', 'shop_migrate | second']);
});

import { expect, test } from 'vitest';
import { describeWaiting } from '../../src/cli/describe-waiting.ts';
import type { LogEvent } from '../../src/shared/log.ts';
import { recordLog, silentLog } from '../../src/shared/recording-log.ts';

const started = (step: string) => ({ step, state: 'started' }) as const;
const ended = (step: string, state: 'done' | 'failed' = 'done') => ({ step, state, ms: 1 }) as const;
const part = (name: string, done: number, of: number, note?: string) => ({
  part: name,
  done,
  of,
  ...(note && { note }),
});

test.each<[what: string, events: readonly Exclude<LogEvent, string>[], said: string | undefined]>([
  ['before any step', [], undefined],
  ['between two steps', [started('build'), ended('build')], undefined],
  ['in a step', [started('build'), ended('build', 'failed'), started('restore')], 'restore'],
  ['in the outer of two steps', [started('a'), started('b'), ended('b')], 'a'],
  ['in a step that runs again', [started('a'), ended('a'), started('a')], 'a'],
  [
    'while one of two services is on its way',
    [
      part('old', 0, 9),
      started('restore'),
      part('api', 0, 2),
      part('web', 0, 1),
      part('web', 1, 1, 'converged'),
    ],
    'restore: api 0/2',
  ],
  [
    'while a URL is asked',
    [started('restore'), part('http://shop', 0, 1, 'it answered 503')],
    'restore: http://shop 0/1, it answered 503',
  ],
])('%s', (_what, events, said) => {
  const log = recordLog(silentLog);
  for (const event of events) log.info(event, 'text');
  log.info('a line');
  expect(describeWaiting(log.entries)).toBe(said);
});

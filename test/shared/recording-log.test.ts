import { expect, test } from 'vitest';
import { recordLog, silentLog } from '../../src/shared/recording-log.ts';

test('all is passed on, and kept with its time', () => {
  const said: unknown[] = [];
  let now = 100;
  const log = recordLog(
    { ...silentLog, info: (...given: unknown[]) => said.push(given), warn: () => {} },
    () => now,
  );
  const step = { step: 'build', state: 'started' } as const;
  log.info('hello');
  now = 350.4;
  log.info(step, 'build');
  log.warn('take care');
  expect(said).toEqual([['hello'], [step, 'build']]);
  expect(log.entries).toEqual([
    { at: 0, level: 'info', text: 'hello' },
    { at: 250, level: 'info', text: 'build', event: step },
    { at: 250, level: 'warn', text: 'take care' },
  ]);
});

test('of a flood of text only the beginning is kept, and every event', () => {
  const log = recordLog(silentLog);
  const line = 'x'.repeat(1_000);
  for (let count = 0; count < 500; count++) log.info(line);
  log.info({ step: 'build', state: 'started' }, 'build');
  log.info('y'.repeat(1_000_000));
  const texts = log.entries.map(({ text }) => text);
  expect(texts.filter((text) => text === line)).toHaveLength(200);
  expect(texts.slice(200)).toEqual(['more was said than is kept', 'build']);
});

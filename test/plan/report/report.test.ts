import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PALETTES } from '../../../src/plan/report/palette.ts';
import { planTimeline } from '../../../src/plan/report/plan-timeline.ts';
import { renderHtml } from '../../../src/plan/report/render-html.ts';
import { renderSvg } from '../../../src/plan/report/render-svg.ts';
import { planTicks } from '../../../src/plan/report/ticks.ts';
import type { LogEvent, TaskEvent } from '../../../src/shared/log.ts';
import type { LogEntry } from '../../../src/shared/recording-log.ts';
import { failedRecord, releaseRecord } from '../../fakes/records.ts';

const say = (at: number, event: Exclude<LogEvent, string>, text = 'said'): LogEntry => ({
  at,
  level: 'info',
  text,
  event,
});
const task = (slot: number, state: string, change: Partial<TaskEvent> = {}): TaskEvent => ({
  task: `shop_api.${slot}`,
  service: 'shop_api',
  taskId: `t${slot}`,
  node: 'm1',
  state,
  spec: 'new',
  ...change,
});
const step = (name: string, state: 'started' | 'done' | 'failed', ms?: number) =>
  ({ step: name, state, ...(ms !== undefined && { ms }) }) as const;
const before = releaseRecord(1, { services: [{ Name: 'shop_api', Mode: { Replicated: { Replicas: 1 } } }] });
const bars = (told: readonly LogEntry[], group = 1) =>
  planTimeline(releaseRecord(2, { told }), before).groups[group]?.rows.map((row) =>
    row.bars.map(({ kind, from, to }) => `${kind} ${from}-${to}`),
  );

test('a step has its time, and what it asked for its answers', () => {
  const url = 'https://shop.example';
  const told = [
    say(0, step('check health', 'started')),
    say(1_000, { part: url, done: 0, of: 2, note: 'status 502' }),
    say(1_500, { part: 'shop_api', done: 1, of: 1 }),
    say(2_000, { part: url, done: 1, of: 2, note: 'answers well' }),
    say(4_500, step('check health', 'failed', 4_500)),
    // Its end is not known: the record was written before it.
    say(5_000, step('record the release', 'started')),
  ];
  const { ms, groups } = planTimeline(releaseRecord(2, { told }), undefined);
  expect(ms).toBe(5_000);
  expect(groups).toEqual([
    {
      title: 'steps',
      rows: [
        {
          label: 'check health',
          isPart: false,
          bars: [{ kind: 'failed', from: 0, to: 4_500 }],
          value: 'failed, 4.5 s',
          story: 'check health: failed at 4.5 s, after 4.5 s',
        },
        {
          label: url,
          isPart: true,
          bars: [
            { kind: 'waiting', from: 1_000, to: 1_000 },
            { kind: 'good', from: 2_000, to: 2_000 },
          ],
          value: '1/2',
          story: `${url}: status 502 at 1.0 s, answers well at 2.0 s`,
        },
      ],
    },
  ]);
});

test('a slot turns from old to new; one that was not there has no old', () => {
  const told = [
    say(1_000, task(2, 'preparing')),
    say(1_000, task(1, 'preparing')),
    say(3_000, task(1, 'running')),
    say(4_000, task(2, 'running')),
    say(5_000, step('verify', 'started')),
  ];
  expect(bars(told)).toEqual([
    ['old 0-1000', 'waiting 1000-3000', 'good 3000-5000'],
    ['waiting 1000-4000', 'good 4000-5000'],
  ]);
});

test('what failed, and what was put back', () => {
  const told = [
    say(1_000, task(1, 'failed', { error: 'no such image' })),
    say(2_000, task(1, 'starting', { taskId: 'b', spec: 'before' })),
    say(3_000, task(1, 'running', { taskId: 'b', spec: 'before', node: 'm2' })),
    say(4_000, step('undo', 'started')),
  ];
  expect(bars(told)).toEqual([['old 0-1000', 'failed 1000-2000', 'waiting 2000-3000', 'old 3000-4000']]);
  const [, group] = planTimeline(releaseRecord(2, { told }), before).groups;
  expect(group?.rows[0]?.story).toBe(
    'shop_api.1: failed on m1 (no such image) at 1.0 s, starting on m1, as before at 2.0 s, running on m2, as before at 3.0 s',
  );
  expect(group?.rows[0]?.value).toBe('running on m2');
});

test('a service whose tasks were left alone is not shown', () => {
  expect(bars([say(1_000, task(1, 'running', { spec: 'before' }))])).toBeUndefined();
});

test('an axis has few marks, all of them on it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10 * 3_600_000 }), (ms) => {
      const ticks = planTicks(ms);
      expect(ticks[0]).toBe(0);
      expect(ticks.length).toBeLessThanOrEqual(8);
      expect(ticks.every((tick) => tick <= ms)).toBe(true);
    }),
  );
});

/** Everything that comes from outside, in its place. */
const evil = (text: string) => ({
  ...failedRecord(2),
  who: text,
  tag: text,
  failure: text,
  details: [text],
  hint: text,
  plan: [text],
  told: [
    say(1, { ...task(1, text), task: text, service: text, error: text }, text),
    say(2, step(text, 'started')),
    say(3, step(text, 'done', 1)),
  ],
  services: [{ Name: text, TaskTemplate: { ContainerSpec: { Image: text } } }],
});

test.each([
  ['page', renderHtml],
  ['picture', renderSvg],
])('nothing that comes from outside is markup in a %s', (_what, render) => {
  const shape = (text: string) =>
    (render(evil(text), before).match(/<[^>]*/g) ?? []).map((tag) => tag.split(/[\s>]/)[0]);
  const plain = shape('x');
  const signs = fc.string({
    unit: fc.constantFrom('<', '>', '"', "'", '&', '/', 'b', '!', '-', ' '),
    minLength: 1,
  });
  fc.assert(
    fc.property(signs, (text) => {
      expect(shape(text)).toEqual(plain);
    }),
  );
});

test.each([
  ['a deploy: its plan', { plan: ['~ web: rolling restart'] }, ['~ web: rolling restart']],
  [
    'a scaling: what is another',
    { note: 'scale api 1 -> 3' },
    ['scale api 1 -&gt; 3', 'shop_api: replicas 1 -&gt; 3'],
  ],
  ['a rollback', { rollbackTo: 1 }, ['back to r1', 'shop_api: replicas 1 -&gt; 3']],
  [
    'one that failed has no specs to tell by',
    { note: 'restart', result: 'UNHEALTHY', services: [] },
    ['restart'],
  ],
])('what was to change, of %s', (_what, change, lines) => {
  const services = [{ Name: 'shop_api', Mode: { Replicated: { Replicas: 3 } } }];
  const page = renderHtml(releaseRecord(2, { services, ...change }), before);
  const [, shown] = /Planned changes<.h2><pre[^>]*>([\s\S]*?)<.pre>/.exec(page) ?? [];
  expect(shown?.split('\n')).toEqual(lines);
});

test('a record that has no events, as one that was adopted, is a page all the same', () => {
  const page = renderHtml(releaseRecord(2, { result: 'adopted' }), undefined);
  expect(page).toContain('shop r2: adopted');
  expect(page).not.toContain('What happened when');
});

/** As WCAG 2 reckons it. */
function contrast(one: string, other: string): number {
  const luminance = (colour: string) => {
    const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
      const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
      return part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

test.each(['light', 'dark'] as const)('bars and text stand out: %s', (taste) => {
  const { page, track, line: _, ...colours } = PALETTES[taste];
  for (const name of ['text', 'muted', 'link', 'good', 'failed'] as const)
    expect(contrast(colours[name], page), name).toBeGreaterThan(4.5);
  for (const name of ['step', 'old', 'waiting', 'good', 'failed'] as const)
    for (const ground of [page, track]) expect(contrast(colours[name], ground), name).toBeGreaterThan(3);
});

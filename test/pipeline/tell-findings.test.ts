import { expect, test } from 'vitest';
import { eventSchema } from '../../src/cli/views/event-schema.ts';
import { renderEvent } from '../../src/cli/views/text.ts';
import { tellFindings } from '../../src/pipeline/tell-findings.ts';
import { chronicleOf, silentLog } from '../../src/shared/chronicle.ts';
import { planned } from '../fakes/inputs.ts';

const BARE = 'services:\n  a: { image: "r.io/x:1" }\n  b: { image: "r.io/y:1" }\n';

test('a rule has one line of text, and its event has every place', () => {
  const log = chronicleOf(silentLog);
  tellFindings(log, planned({}, BARE).findings);
  const [warning, how, ...rest] = log.told;
  expect(rest).toEqual([]);
  expect(how?.text).toContain('# waggle-ignore <rule>');
  const { level, text, event } = warning ?? expect.unreachable();
  expect(renderEvent(level, event ?? '', text)).toBe(
    '  warning no-healthcheck: a and b have no health check',
  );
  const line = { level: 40, time: '2026-04-13T12:00:00Z', msg: text, ...event };
  expect(eventSchema.parse(line)).toMatchObject({
    rule: 'no-healthcheck',
    findings: [
      {
        file: 'deploy/stack.yml',
        line: 2,
        message: expect.stringContaining('services.a has no healthcheck'),
      },
      { file: 'deploy/stack.yml', line: 3 },
    ],
  });
});

test('nothing is said where nothing was found', () => {
  const log = chronicleOf(silentLog);
  tellFindings(log, []);
  expect(log.told).toEqual([]);
});

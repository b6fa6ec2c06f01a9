import { expect, test } from 'vitest';
import { eventSchema } from '../../src/cli/views/event-schema.ts';
import { renderEvent } from '../../src/cli/views/text.ts';
import { listWarnings } from '../../src/config/group-findings.ts';
import { stack as stackCheck } from '../../src/doctor/checks/stack.ts';
import type { DoctorContext } from '../../src/doctor/checkup.ts';
import { logFindings, logNewFindings } from '../../src/pipeline/log-findings.ts';
import { renderRelease } from '../../src/plan/records/release-record.ts';
import { warningKey } from '../../src/plan/records/warned.ts';
import { renderStatus } from '../../src/plan/status/render-status.ts';
import { recordLog, silentLog } from '../../src/shared/recording-log.ts';
import { planned, release } from '../fakes/inputs.ts';
import { failedRecord, releaseRecord, storedAs } from '../fakes/records.ts';

const BARE = 'services:\n  a: { image: "r.io/x:1" }\n  b: { image: "r.io/y:1" }\n';

test('a rule has one line of text, and its event has every place', () => {
  const log = recordLog(silentLog);
  logFindings(log, planned({}, BARE).findings);
  const [warning, how, ...rest] = log.entries;
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
  const log = recordLog(silentLog);
  logFindings(log, []);
  expect(log.entries).toEqual([]);
});

const NONE = (text: string) => text;
const warnedOf = (text: string) => planned({}, text).findings.map((one) => warningKey(one, NONE));
const ONE = 'services:\n  a: { image: "r.io/x:1" }\n';
const deployed = releaseRecord(41, { warned: warnedOf(ONE) });
const scaled = releaseRecord(42);
const failed = { ...failedRecord(43), warned: warnedOf(BARE) };

/** What a deploy says of two services without a health check, after these releases. */
function told(...releases: Parameters<typeof renderRelease>[0][]): readonly string[] {
  const log = recordLog(silentLog);
  const records = releases.flatMap((one) => storedAs(renderRelease(one)));
  logNewFindings(log, planned({}, `# a line more\n${BARE}`).findings, { records, mask: NONE });
  return log.entries.map(({ text }) => text);
}

test.each([
  ['the first deploy', [], [/a and b have/, /waggle-ignore/]],
  [
    'another service is new',
    [deployed],
    [/stack\.yml:4:3: services\.b has/, /waggle-ignore/, /^one warning as in r41/],
  ],
  [
    'nothing is new',
    [{ ...deployed, warned: warnedOf(BARE) }],
    [/^one warning as in r41: `waggle plan` shows all$/],
  ],
  ['it was scaled since', [deployed, scaled], [/services\.b has/, /waggle-ignore/, /^one warning as in r41/]],
  [
    'a deploy failed since',
    [deployed, failed],
    [/services\.b has/, /waggle-ignore/, /^one warning as in r41/],
  ],
])('a deploy repeats no warning of the last release: %s', (_what, releases, expected) => {
  expect(told(...releases)).toEqual(expected.map((line) => expect.stringMatching(line)));
});

test('doctor, plan and status say the same of the stack', async () => {
  const read = release({}, BARE);
  const log = recordLog(silentLog);
  logFindings(log, read.findings);
  const line = 'no-healthcheck: a and b have no health check';
  expect(log.entries[0]?.text).toBe(line);
  const [finding] = await stackCheck.look({ release: read } as DoctorContext);
  expect(finding).toMatchObject({ state: 'warning', said: line, rule: 'no-healthcheck' });
  expect(finding?.places).toHaveLength(2);
  const warnings = listWarnings(read.findings);
  const nothing = { stack: 'shop', runs: [], unreadable: [], services: [], nodes: [], drift: [] };
  expect(renderStatus({ ...nothing, warnings }, 0)).toMatch(new RegExp(`\nwarning ${line}$`));
  const calm = await stackCheck.look({ release: { ...read, findings: [] } } as unknown as DoctorContext);
  expect(calm.map(({ state }) => state)).toEqual(['fine']);
});

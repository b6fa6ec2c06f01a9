import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { expect, test, vi } from 'vitest';
import { eventSchema } from '../../../src/cli/views/event-schema.ts';
import {
  checkoutAt,
  escapeWorkflowCommands,
  renderAnnotations,
  writeOutcome,
} from '../../../src/cli/views/github.ts';
import { openView } from '../../../src/cli/views/open-view.ts';
import { textView } from '../../../src/cli/views/text.ts';
import { outputOn } from '../../../src/cli/views/view.ts';
import { DeployError } from '../../../src/shared/errors.ts';
import type { WarningEvent } from '../../../src/shared/log.ts';

interface Wish {
  readonly json?: boolean;
  readonly verbose?: boolean;
  readonly environment?: Record<string, string>;
  readonly warnings?: readonly string[];
  readonly events?: readonly WarningEvent[];
}

const RESULT = {
  release: 'r42',
  id: 'v1_20261122040000',
  changed: true,
  digests: { 'r.io/api:v1': 'sha256:aa' },
  url: 'https://shop.example',
  summary: '### r42\n\nruns',
};

/** What a view writes where nobody looks, of a step with a message, a warning and a part, and one that fails. */
async function written({
  json = false,
  verbose = false,
  environment = {},
  warnings = [],
  events = [],
}: Wish = {}): Promise<string[]> {
  let text = '';
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += chunk;
      done();
    },
  });
  const view = await openView(
    { isJson: json, isVerbose: verbose, command: 'deploy' },
    { stream, isTerminal: false, colour: false },
    environment,
  );
  view.info({ step: 'a step', state: 'started' }, 'a step');
  view.info('a detail');
  view.debug('always the same');
  view.info({ step: 'a quick one', state: 'started' }, 'a quick one');
  view.info({ step: 'a quick one', state: 'done', ms: 12 }, 'a quick one');
  view.warn('take care');
  for (const warning of warnings) view.warn(warning);
  for (const event of events) view.warn(event, `${event.rule}: a and b`);
  view.info({ part: 'web', done: 1, of: 3, note: 'starting' }, 'web 1/3');
  view.info({ step: 'a step', state: 'done', ms: 1234 }, 'a step');
  view.info(RESULT, 'r42 runs');
  view.error({ step: 'another', state: 'failed', ms: 60_000 }, 'another');
  expect(await view.suspended(async () => 'an answer')).toBe('an answer');
  return text.trimEnd().split('\n');
}

test('events become lines, without quick steps and details', async () => {
  expect(await written()).toEqual([
    '  a detail',
    '  warning: take care',
    '  web 1/3',
    'ok a step (1.2 s)',
    '  r42 runs',
    'FAILED another (60.0 s)',
  ]);
});

test('--verbose shows every step and detail', async () => {
  expect(await written({ verbose: true })).toEqual([
    '> a step',
    '  a detail',
    '  always the same',
    '> a quick one',
    'ok a quick one (0.0 s)',
    '  warning: take care',
    '  web 1/3',
    'ok a step (1.2 s)',
    '  r42 runs',
    'FAILED another (60.0 s)',
  ]);
});

test('a step that goes on for a second shows that it has begun', async () => {
  vi.useFakeTimers();
  const lines: string[] = [];
  const view = textView((line) => lines.push(line));
  view.info({ step: 'build', state: 'started' }, 'build');
  vi.advanceTimersByTime(900);
  expect(lines).toEqual([]);
  vi.advanceTimersByTime(200);
  expect(lines).toEqual(['> build']);
  view.info({ step: 'build', state: 'done', ms: 1100 }, 'build');
  expect(lines).toEqual(['> build', 'ok build (1.1 s)']);
  vi.useRealTimers();
});

test('a digest has 12 digits in text', async () => {
  const lines: string[] = [];
  const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;
  textView((line) => lines.push(line)).info(`api: r.io/api@${digest}`);
  expect(lines).toEqual(['  api: r.io/api@sha256:0123456789ab']);
});

test('on GitHub a step is a group, and what matters stands outside', async () => {
  expect(await written({ environment: { GITHUB_ACTIONS: 'true', CI: 'true' } })).toEqual([
    '::group::a step',
    '  a detail',
    '> a quick one',
    'ok a quick one (0.0 s)',
    '::warning::take care',
    '  web 1/3',
    '::endgroup::',
    'ok a step (1.2 s)',
    '  r42 runs',
    'FAILED another (60.0 s)',
  ]);
});

test.each([
  ['::add-mask::v1', ': :add-mask::v1'],
  ['  ::stop-commands::x\n\t::error::no', '  : :stop-commands::x\n\t: :error::no'],
  ['api | ##[error]no', 'api | # #[error]no'],
  ['api | ::error::is no command', 'api | ::error::is no command'],
])('on GitHub %j of a service is no command to the runner', (text, shown) => {
  expect(escapeWorkflowCommands(text)).toBe(shown);
});

test('on GitHub the result becomes outputs of the step, and a page', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'waggle-views-'));
  const [output, summary] = [join(folder, 'output'), join(folder, 'summary')];
  await written({
    environment: { GITHUB_ACTIONS: 'true', CI: 'true', GITHUB_OUTPUT: output, GITHUB_STEP_SUMMARY: summary },
  });
  expect(readFileSync(output, 'utf8').trim().split('\n')).toEqual([
    'release=r42',
    'id=v1_20261122040000',
    'changed=true',
    'url=https://shop.example',
    'tag=v1',
    'digests={"r.io/api:v1":"sha256:aa"}',
  ]);
  expect(readFileSync(summary, 'utf8')).toBe('### r42\n\nruns\n');
  rmSync(folder, { recursive: true });
});

/** A checkout with these files in a folder of it. */
function checkout(...files: readonly string[]): string {
  const root = mkdtempSync(join(tmpdir(), 'waggle-checkout-'));
  mkdirSync(join(root, 'shop/deploy'), { recursive: true });
  for (const file of files) writeFileSync(join(root, 'shop/deploy', file), '');
  return root;
}

test('on GitHub a problem stands beside its line, with its path from the root of the repository', () => {
  const root = checkout('stack.yml', 'a,b.env');
  const here = checkoutAt(join(root, 'shop'), { GITHUB_WORKSPACE: root });
  const problems = [
    'deploy/stack.yml:12:3: "imagee" is not known',
    'deploy/a,b.env:4: no value, 100%',
    'registry.example:5000: is no file, and 10.0.0.1:22 is none either',
    'no place',
  ];
  const error = new DeployError('CONFIG_INVALID', 'the configuration has 3 problems', { details: problems });
  expect(renderAnnotations(error, here)).toEqual([
    '::error file=shop/deploy/stack.yml,line=12,col=3::"imagee" is not known',
    '::error file=shop/deploy/a%2Cb.env,line=4::no value, 100%25',
  ]);
  expect(renderAnnotations(new DeployError('BUILD_FAILED', 'it failed'), here)).toEqual([
    '::error::it failed',
  ]);
  const inRoot = checkoutAt(join(root, 'shop'), {});
  expect(renderAnnotations(error, inRoot)[0]).toMatch(/^::error file=deploy\/stack\.yml,/);
  rmSync(root, { recursive: true });
});

test('on GitHub a warning stands beside its line, too', async () => {
  const root = checkout('stack.yml');
  const lines = await written({
    environment: { GITHUB_ACTIONS: 'true', CI: 'true', GITHUB_WORKSPACE: root },
    warnings: [`${root}/shop/deploy/stack.yml:3: an image\nof no version`],
  });
  expect(lines).toContain('::warning file=shop/deploy/stack.yml,line=3::an image%0Aof no version');
  rmSync(root, { recursive: true });
});

test('on GitHub a rule has one annotation, at the first place that it found', async () => {
  const root = checkout('stack.yml');
  const file = `${root}/shop/deploy/stack.yml`;
  const findings = [3, 9].map((line) => ({ file, line, message: 'services.x has no healthcheck' }));
  const lines = await written({
    environment: { GITHUB_ACTIONS: 'true', CI: 'true', GITHUB_WORKSPACE: root },
    events: [{ rule: 'no-healthcheck', findings }],
  });
  expect(lines.filter((line) => line.includes('no-healthcheck'))).toEqual([
    '::warning file=shop/deploy/stack.yml,line=3::no-healthcheck: a and b',
  ]);
  rmSync(root, { recursive: true });
});

test('on GitHub the exit code is an output, a failure is on the page, and neither is ever in the way', () => {
  const root = checkout();
  const [output, summary] = [join(root, 'output'), join(root, 'summary')];
  const files = { GITHUB_OUTPUT: output, GITHUB_STEP_SUMMARY: summary };
  writeOutcome(9, 'error: it failed\n  ### why', { GITHUB_ACTIONS: 'true', ...files });
  writeOutcome(3, 'elsewhere', files);
  writeOutcome(3, 'no files', { GITHUB_ACTIONS: 'true' });
  writeOutcome(3, 'no folder', { GITHUB_ACTIONS: 'true', GITHUB_OUTPUT: join(root, 'none/output') });
  writeOutcome(0, undefined, { GITHUB_ACTIONS: 'true', ...files });
  expect(readFileSync(output, 'utf8')).toBe('exit-code=9\nexit-code=0\n');
  expect(readFileSync(summary, 'utf8')).toBe('### Failed\n\n    error: it failed\n      ### why\n');
  rmSync(root, { recursive: true });
});

test('the same events, one JSON object a line, as the schema has them', async () => {
  const events = (await written({ json: true })).map((line) => JSON.parse(line));
  for (const event of events) expect(eventSchema.safeParse(event)).toMatchObject({ success: true });
  expect(events.map(({ level, msg, state, ms, part }) => [level, msg, state, ms, part])).toEqual([
    [30, 'a step', 'started', undefined, undefined],
    [30, 'a detail', undefined, undefined, undefined],
    [20, 'always the same', undefined, undefined, undefined],
    [30, 'a quick one', 'started', undefined, undefined],
    [30, 'a quick one', 'done', 12, undefined],
    [40, 'take care', undefined, undefined, undefined],
    [30, 'web 1/3', undefined, undefined, 'web'],
    [30, 'a step', 'done', 1234, undefined],
    [30, 'r42 runs', undefined, undefined, undefined],
    [50, 'another', 'failed', 60_000, undefined],
  ]);
  expect(eventSchema.safeParse({ ...events[0], other: 1 }).success).toBe(false);
});

test.each([
  ['on a terminal', true, {}, true],
  ['on a terminal, with an empty NO_COLOR', true, { NO_COLOR: '' }, true],
  ['on a terminal, with NO_COLOR', true, { NO_COLOR: '1' }, false],
  ['in a file or a pipe', undefined, {}, false],
])('%s: whether there are colours', (_where, isTTY, environment, expected) => {
  const stream = Object.assign(new Writable(), { ...(isTTY && { isTTY }) });
  expect(outputOn(stream, environment).colour).toBe(expected);
});

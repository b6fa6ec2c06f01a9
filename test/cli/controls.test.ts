import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { type Edge, renderPrinted, showingControls } from '../../src/cli/views/print.ts';
import { writeResult } from '../../src/pipeline/write-result.ts';
import { mapLog } from '../../src/shared/log.ts';
import { Secrecy } from '../../src/shared/mask.ts';
import { recordLog, silentLog } from '../../src/shared/recording-log.ts';
import { Secret } from '../../src/shared/secret.ts';
import { showControls } from '../../src/shared/show-controls.ts';
import { runWaggle } from './run-waggle.ts';

const folder = mkdtempSync(join(tmpdir(), 'waggle-controls-'));
afterAll(() => rmSync(folder, { recursive: true }));

const CONTROLS =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not come out
  /[\0-\x08\v-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;
/** A line of its own, a cleared screen, a command to GitHub's runner, a name read backwards. */
const EVIL = 'x\x1b[2J\x07\u0085::error::gotcha\u2028\u202egpj.exe\x9b31m\r::warning::y';
const SHOWN = 'x\\x1b[2J\\x07\\u0085::error::gotcha\\u2028\\u202egpj.exe\\u009b31m\\x0d::warning::y';

let count = 0;
function project(files: Readonly<Record<string, string>>): string {
  count += 1;
  const root = join(folder, `p${count}`);
  const all = {
    'cluster.env':
      'DEPLOY_MANAGER_HOST=127.0.0.1\nDEPLOY_MANAGER_SSH_PORT=1\nSTACK_NAME=shop\nDEPLOY_TAG=v1\n',
    'registry.env': 'REGISTRY=r.io\nREGISTRY_NAMESPACE=n\nREGISTRY_USERNAME=u\nREGISTRY_TOKEN=t\n',
    'prod.env': '',
    'stack.yml': 'services: { a: { image: "b:1" } }\n',
    ...files,
  };
  for (const part of ['secrets', 'hooks']) mkdirSync(join(root, 'deploy', part), { recursive: true });
  for (const [file, text] of Object.entries(all)) writeFileSync(join(root, 'deploy', file), text);
  return root;
}

const places: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  [
    'a key of the stack file',
    { 'stack.yml': `services: { a: { image: "b:1", ${JSON.stringify(EVIL)}: 1 } }\n` },
  ],
  ['the name of a secret that is not used', { [`secrets/${EVIL}.txt`]: 'x' }],
  ['the name of a hook', { [`hooks/${EVIL.replace('/', '')}`]: 'x' }],
  [
    'a variable that is not set',
    { 'stack.yml': `services: { a: { image: ${JSON.stringify(`\${A:?${EVIL}}`)} } }\n` },
  ],
];
const surroundings: readonly (readonly [string, Readonly<Record<string, string>>, readonly string[]])[] = [
  ['as text', {}, ['plan', '--offline']],
  ['as events', {}, ['deploy', '--dry-run', '--json']],
  ['on GitHub', { GITHUB_ACTIONS: 'true' }, ['plan', '--offline']],
];

test.each(
  places.flatMap(([place, files]) => surroundings.map((around) => [place, files, ...around] as const)),
)('control characters of %s are shown as text', (_place, files, _how, env, argv) => {
  const root = project(files);
  const summary = join(root, 'summary.md');
  const { stdout, stderr } = runWaggle(root, argv, { ...env, GITHUB_STEP_SUMMARY: summary });
  const page = 'GITHUB_ACTIONS' in env ? readFileSync(summary, { encoding: 'utf8', flag: 'a+' }) : '';
  expect(stdout + stderr).toContain('\\x1b[2J');
  expect(stdout + stderr + page).not.toMatch(CONTROLS);
});

test('every control character but tab and line feed is shown, and a Windows line end is one', () => {
  expect(showControls(EVIL)).toBe(SHOWN);
  expect(showControls('a\tb\r\nc\n\r\r\n')).toBe('a\tb\nc\n\n');
  expect(showControls('Grüße 日本 👍🏽 é')).toBe('Grüße 日本 👍🏽 é');
});

test('JSON that is shown is the same JSON', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const shown = showControls(JSON.stringify({ text }, null, 2));
      expect(shown).not.toMatch(CONTROLS);
      expect(JSON.parse(shown)).toEqual({ text });
    }),
  );
});

const AT: Edge = { isTerminal: true, colour: false, isRaw: false, isGithub: false };
test.each<[where: string, edge: Edge, isRelayed: boolean, isShown: boolean]>([
  ['a container on a terminal', AT, true, true],
  ['a container on a terminal with --raw', { ...AT, isRaw: true }, true, false],
  ['a container in a pipe', { ...AT, isTerminal: false }, true, false],
  ["a container in GitHub's log", { ...AT, isTerminal: false, isGithub: true }, true, true],
  ["a container in GitHub's log with --raw", { ...AT, isRaw: true, isGithub: true }, true, true],
  ['Waggle in a pipe', { ...AT, isTerminal: false }, false, true],
  ['Waggle with --raw', { ...AT, isRaw: true }, false, true],
])('what %s says is shown or passed on', (_where, edge, isRelayed, isShown) => {
  const printed = renderPrinted(EVIL, { isRelayed }, edge);
  expect(printed).toBe(isShown ? SHOWN : EVIL);
});

test("colours are Waggle's own, and stay", () => {
  const tint = (line: string) => `\x1b[31m${line}\x1b[0m`;
  const edge = { ...AT, colour: true };
  expect(renderPrinted('a\x1b[32m\nb', { tint }, edge)).toBe('\x1b[31ma\\x1b[32m\x1b[0m\n\x1b[31mb\x1b[0m');
});

test('a stream in any pieces is shown as the whole is', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(EVIL, 'a\r\nb\r\r\nc\r', 'ö\u202e👍\x1b'),
      fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 40, maxLength: 40 }),
      async (text, lengths) => {
        let seen = '';
        const terminal = new Writable({
          write(chunk, _encoding, done) {
            seen += chunk;
            done();
          },
        });
        const stream = showingControls(terminal);
        let rest = Buffer.from(text);
        for (const length of lengths) {
          stream.write(rest.subarray(0, length));
          rest = rest.subarray(length);
        }
        stream.write(rest);
        await new Promise<void>((done) => stream.end(done));
        expect(seen).toBe(showControls(text));
      },
    ),
  );
});

test('what is kept for the record and the report has none', async () => {
  const recording = mapLog(recordLog(silentLog), showControls);
  recording.info(EVIL);
  recording.warn({ part: EVIL, done: 1, of: 2, note: EVIL }, EVIL);
  expect(recording.entries).toMatchObject([
    { text: SHOWN },
    { text: SHOWN, event: { part: SHOWN, done: 1, note: SHOWN } },
  ]);
  const file = join(folder, 'report.svg');
  writeFileSync(file, '', { mode: 0o644 });
  const secrecy = new Secrecy();
  secrecy.learn([{ value: new Secret('hunter2'), isTelling: true }]);
  await writeResult({ secrecy }, 'the report', file, `<svg>${EVIL} hunter2</svg>\n`);
  expect(readFileSync(file, 'utf8')).toBe(`<svg>${SHOWN} [secret]</svg>\n`);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseCommands } from '../../src/config/parse-commands.ts';
import { decodeText } from '../../src/shared/decode-text.ts';
import { DeployError } from '../../src/shared/errors.ts';
import { release } from '../fakes/inputs.ts';

const CORPUS = resolve(import.meta.dirname, '../corpus');
const stacks = readdirSync(CORPUS)
  .filter((file) => file.endsWith('.yml'))
  .map((file) => readFileSync(resolve(CORPUS, file), 'utf8'));

/** What YAML, variables and JavaScript read in their own way. */
const PIECES = (
  'null ~ [] {} "" -1 1e999 *a &a <<: !!binary !reset ? - : " \' ${ ${A } $$ ${A:- @ ` % | > --- # __proto__ ' +
  'constructor services build volumes tmpfs deploy platform env_file x-waggle 0x10 2026-01-02 .inf = ( * +'
).split(' ');
const edit = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  removed: fc.integer({ min: 0, max: 12 }),
  added: fc.oneof(
    fc.constantFrom(...PIECES, '\n', '  ', '\0', '\u0085', '\u2028', ''),
    fc.string({ maxLength: 4 }),
  ),
});
const edited = (texts: readonly string[]) =>
  fc.tuple(fc.constantFrom(...texts), fc.array(edit, { minLength: 1, maxLength: 5 })).map(([text, edits]) =>
    edits.reduce((before, { at, removed, added }) => {
      const start = Math.floor(at * (before.length + 1));
      return before.slice(0, start) + added + before.slice(start + removed);
    }, text),
  );

test('whatever a stack file says, it is planned or refused', () => {
  fc.assert(
    fc.property(edited(stacks), (text) => {
      try {
        release({}, { 'stack.yml': text });
      } catch (error) {
        expect(error).toBeInstanceOf(DeployError);
      }
    }),
    { numRuns: 200 },
  );
});

test('whatever secret-commands.yml says, each fault has its line', () => {
  const texts = ['db: [echo, x]\nother: &a [cat, "y"]\nthird: *a\n'];
  fc.assert(
    fc.property(edited(texts), (text) => {
      const { commands, problems } = parseCommands('c.yml', text);
      for (const { argv } of commands) expect(argv.length).toBeGreaterThan(0);
      for (const { line } of problems) expect(line).toBeGreaterThan(0);
    }),
  );
});

test('text that is written as UTF-8 is read as it is, and never in another encoding', () => {
  const text = fc.string({ unit: 'binary', minLength: 1 }).filter((one) => !/^\uFEFF|\0/.test(one));
  fc.assert(
    fc.property(text, (written) => {
      expect(decodeText(Buffer.from(written))).toEqual({ text: written });
    }),
  );
  const word = fc.stringMatching(/^[ -~\n]{2,40}$/);
  fc.assert(
    fc.property(word, (written) => {
      const utf16 = Buffer.from(written, 'utf16le');
      expect(decodeText(utf16)).toMatchObject({ problem: expect.stringContaining('UTF-16 LE') });
      expect(decodeText(utf16.swap16())).toMatchObject({ problem: expect.stringContaining('UTF-16 BE') });
    }),
  );
});

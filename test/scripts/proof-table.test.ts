import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { orderByAge, parseResults, readProofs, renderPage, TABLE } from '../../scripts/proof-table.ts';

const proofs = readProofs();
const page = readFileSync(TABLE, 'utf8');
const GREEN = {
  verdict: 'green',
  date: '2026-11-26 08:00',
  commit: 'abc',
  took: '1 min 2 s',
  figures: '3 tests',
};

test('docs/PROOF.md names exactly the proofs that there are, each with its sentence', () => {
  expect([...parseResults(page).keys()]).toEqual(proofs.map(({ name }) => name));
  for (const { name, proves } of proofs) {
    expect(proves, name).toMatch(/^\S.*\.$/);
    expect(page).toContain(`| \`${name}\` | ${proves} |`);
  }
});

test('a result is kept, and so is everything else on the page', () => {
  const [first] = proofs;
  const name = first?.name ?? '';
  const written = renderPage(
    `${page}\n| another | table |\n\nmore\n`,
    proofs,
    new Map([...parseResults(page), [name, GREEN]]),
  );
  expect(parseResults(written).get(name)).toEqual(GREEN);
  expect(renderPage(written, proofs, parseResults(written))).toBe(written);
  expect(written.endsWith('\n| another | table |\n\nmore\n')).toBe(true);
});

test('what was cut short goes on with what never ran, then with what ran longest ago', () => {
  const [a, b, c] = proofs.map(({ name }) => name) as [string, string, string];
  const results = new Map([
    [a, { ...GREEN, date: '2026-11-26 09:00' }],
    [b, GREEN],
  ]);
  const order = orderByAge(proofs.slice(0, 3), results).map(({ name }) => name);
  expect(order).toEqual([c, b, a]);
});

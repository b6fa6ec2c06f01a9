import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { PAGES } from '../scripts/reference/pages.ts';
import { savedPlanSchema } from '../src/plan/changes/saved-plan.ts';

const ROOT = resolve(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const documents = [
  ...readdirSync(ROOT).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
  'deploy/README.md',
  ...readdirSync(join(ROOT, 'examples')).map((name) => `examples/${name}/README.md`),
];

/** As GitHub makes a heading's anchor. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');

const anchorsOf = (page: string) =>
  [...read(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => anchorOf(heading));

test.each(documents)('%s: its links lead somewhere', (path) => {
  const links = [...read(path).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
  const broken = links
    .filter((link) => !/^[a-z]+:/.test(link))
    .filter((link) => {
      const [file = '', anchor] = link.split('#');
      const target = file === '' ? path : join(dirname(path), file);
      if (!existsSync(join(ROOT, target))) return true;
      if (anchor === undefined) return false;
      return !anchorsOf(target).includes(anchor);
    });
  expect(broken).toEqual([]);
});

test.each(Object.entries(PAGES))('%s is what the code says: npm run docs', (path, render) => {
  expect(read(path)).toBe(render());
  // No row lacks its last cell, which says what it is.
  expect(render()).not.toMatch(/\| {2}\|$/m);
});

test('docs/reference/plan-json.md explains every field of a plan', () => {
  const rows = [...read('docs/reference/plan-json.md').matchAll(/^\| `(\w+)` \|/gm)].map(
    ([, field]) => field,
  );
  expect(rows).toEqual(expect.arrayContaining(Object.keys(savedPlanSchema.shape)));
});

test('every page and anchor that the code names exists', () => {
  const said = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) =>
      [...read(`src/${file}`).matchAll(/(DEPLOYING\.md|docs\/[\w/-]+\.md)(?:#([\w-]+))?/g)].map(
        ([, page = '', anchor]) => ({ page, anchor }),
      ),
    );
  expect(said).not.toEqual([]);
  const isMissing = ({ page, anchor }: (typeof said)[number]) =>
    !documents.includes(page) || (anchor !== undefined && !anchorsOf(page).includes(anchor));
  expect(said.filter(isMissing)).toEqual([]);
});

test('the examples of docs/extending.md compile where they say they belong', () => {
  const examples = [
    ...read('docs/extending.md').matchAll(/^```ts\n\/\/ (\S+\.ts), and a line in (\S+)\n([\s\S]*?)^```/gm),
  ];
  expect(examples).toHaveLength(5);
  const folder = mkdtempSync(join(tmpdir(), 'waggle-docs-'));
  try {
    execFileSync('cp', [
      '-r',
      join(ROOT, 'src'),
      join(ROOT, 'tsconfig.json'),
      join(ROOT, 'package.json'),
      folder,
    ]);
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    for (const [, path = '', list = '', text = ''] of examples) {
      expect(existsSync(join(ROOT, list)), list).toBe(true);
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const compile = () =>
      execFileSync('npx', ['tsc', '-p', 'tsconfig.json'], { cwd: folder, encoding: 'utf8' });
    expect(compile).not.toThrow();
  } finally {
    rmSync(folder, { recursive: true });
  }
});

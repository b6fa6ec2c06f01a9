import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { expect, test } from 'vitest';

const SRC = resolve(import.meta.dirname, '../src');

/** Imports flow down; folders on one row never import each other: they meet through shared/tools.ts. */
const LAYERS = [
  ['launch.ts', 'main.ts'],
  ['cli'],
  ['pipeline'],
  ['preflight', 'build', 'ssh', 'swarm', 'health', 'secrets', 'lint', 'init', 'doctor', 'notify', 'lab'],
  ['plan'],
  ['config'],
  ['shared'],
];
const IMPORT = /(?:from|import)\s*\(?\s*'(\.[^']+)'/g;

/** Deciding must not touch the world, or a plan could differ from what is then done. */
const PURE = /^(plan\/|lint\/|init\/|.*\/(plan|judge|parse|render|describe|merge|interpolate|cast)[-.])/;
const IMPURE =
  /node:fs|'zx'|'dockerode'|'ssh2'|'p-retry'|process\.|Date\.now|new Date\(\)|Math\.random|fetch\(|performance\./;
const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
const read = (file: string) => readFileSync(join(SRC, file), 'utf8');
const layerOf = (path: string) => LAYERS.findIndex((row) => row.includes(path.split(sep)[0] ?? ''));

function importsOf(file: string, text: string): string[] {
  return [...text.matchAll(IMPORT)].map(([, target = '']) =>
    relative(SRC, resolve(SRC, dirname(file), target)),
  );
}

export function findWrongImports(file: string, text: string): string[] {
  return importsOf(file, text)
    .filter((target) => file.split(sep)[0] !== target.split(sep)[0])
    .filter((target) => layerOf(file) < 0 || layerOf(target) <= layerOf(file))
    .map((target) => `${file} -> ${target}`);
}

function findCircle(file: string, path: readonly string[] = []): readonly string[] | undefined {
  if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
  for (const target of importsOf(file, withoutTypeImports(read(file)))) {
    const circle = findCircle(target, [...path, file]);
    if (circle) return circle;
  }
  return undefined;
}

const withoutTypeImports = (text: string) => text.replaceAll(/import type [^;]+;/g, '');

test('imports flow down and never sideways', () => {
  expect(files.flatMap((file) => findWrongImports(file, read(file)))).toEqual([]);
});

test.each([
  ['plan/x.ts', "import { y } from '../swarm/y.ts'"],
  ['swarm/x.ts', "import '../ssh/session.ts'"],
  ['shared/x.ts', "await import('../config/inputs.ts')"],
  ['attic/x.ts', "import { y } from '../shared/y.ts'"],
])('a wrong import in %s is found', (file, text) => {
  expect(findWrongImports(file, text)).toHaveLength(1);
});

test('no file imports itself through others', () => {
  expect(files.map((file) => findCircle(file)).filter(Boolean)).toEqual([]);
});

test('planning, judging, parsing and rendering touch nothing', () => {
  const pure = files.filter((file) => PURE.test(file));
  expect(pure.length).toBeGreaterThan(15);
  expect(pure.filter((file) => IMPURE.test(read(file)))).toEqual([]);
});

test('only main.ts and the edges of the process know the process', () => {
  const using = files.filter((file) => /\bprocess\.(argv|exit|on\b|std)/.test(read(file)));
  expect(using).toEqual(['main.ts']);
  expect(files.filter((file) => /\bconsole\./.test(read(file)))).toEqual([]);
});

test('a wait ends by a timer that is held, and HTTP goes by the one client', () => {
  const raw = files.filter((file) => /AbortSignal\.(any|timeout)\(|\bfetch\(/.test(read(file)));
  expect(raw).toEqual([]);
});

const OPENS_SOCKETS = /import \{[^}]*\b(connect|request)\b[^}]*\} from 'node:(net|tls|https?)'/;

test('a socket gives each address of a host its time', () => {
  const opening = files.filter((file) => OPENS_SOCKETS.test(read(file)));
  expect(opening.length).toBeGreaterThan(2);
  expect(opening.filter((file) => !read(file).includes('...reachEveryAddress('))).toEqual([]);
});

test('files stay small', () => {
  const sizes = files.map((file) => [file, read(file).split('\n').length] as const);
  expect(sizes.filter(([, lines]) => lines > 200)).toEqual([]);
  const sorted = sizes.map(([, lines]) => lines).sort((a, b) => a - b);
  expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThanOrEqual(60);
});

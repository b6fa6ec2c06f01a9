import { dirname, join, resolve } from 'node:path';
import type { Lookup } from '../interpolate.ts';
import type { PlainMap } from '../merge-rules.ts';
import { parseEnv } from '../parse-env.ts';
import type { Position } from '../positions.ts';
import type { Problem } from '../problem.ts';
import { extendServices } from './extend.ts';
import { mergeParts, type Part, withProblem } from './part.ts';
import { type Include, readInclude } from './read-include.ts';
import { fillContexts } from './shift-paths.ts';
import type { Scope, StackFiles } from './stack-files.ts';

const SECTIONS = ['services', 'networks', 'volumes', 'secrets', 'configs'];

/** A stack file by its name in STACK_FILES, with all that it includes and extends, as docker compose reads it. */
export function resolveStackFile(files: StackFiles, name: string): Part {
  const scope = files.scopeOf(name);
  return resolveFile(files, scope.chain[0] ?? '', scope);
}

/** What is included comes first: a service may extend one that is. */
function resolveFile(files: StackFiles, file: string, scope: Scope): Part {
  return extendServices(files, includeFiles(files, files.load(file, scope), scope), scope);
}

/** Of two resources with one name that of the file itself wins, and then that of the first include. */
function includeFiles(files: StackFiles, part: Part, scope: Scope): Part {
  const { include, ...document } = part.document;
  if (include === undefined) return part;
  const entries = files.decisions.once(`${scope.id} include`, () => readInclude(include ?? []));
  return entries.reduce(
    (into: Part, entry, at) => {
      const place = part.positions.locate(['include', at]);
      if ('wrong' in entry) return withProblem(into, { ...place, message: `include ${entry.wrong}` });
      const found = includeEntry(files, entry, { ...scope, id: `${scope.id} > ${at}` }, place);
      if (found === undefined) return into;
      return 'message' in found ? withProblem(into, found) : mergeParts(found, into);
    },
    { ...part, document },
  );
}

/** `undefined`: a file of it is yet to be read. */
function includeEntry(
  files: StackFiles,
  entry: Include,
  scope: Scope,
  place: Position,
): Part | Problem | undefined {
  const named = { folder: scope.folder, place, key: 'include' };
  const located = entry.paths.map((path) => files.locate(path, named));
  const found = located.filter((file) => typeof file === 'string');
  const [main = ''] = found;
  if (found.length < located.length) return located.find((file) => typeof file === 'object');
  const circle = [...scope.chain, main].map(files.show).join(', ');
  if (scope.chain.includes(main)) return { ...place, message: `include goes round in a circle: ${circle}` };
  const folder =
    entry.projectDirectory === undefined ? dirname(main) : resolve(scope.folder, entry.projectDirectory);
  const env = readEnv(files, entry, folder, named);
  const lookup: Lookup = (name) => scope.lookup(name) ?? env.lookup(name);
  const hasOwn = scope.hasOwn || env.hasOwn;
  const parts = found.map((file, at) => {
    const inner = { folder, lookup, hasOwn, id: `${scope.id}.${at}`, chain: [...scope.chain, file] };
    return resolveFile(files, file, inner);
  });
  const merged = parts.reduce((under, over) => mergeParts(under, over));
  return {
    ...merged,
    document: fillContexts(pickSections(merged.document), files.fromBase(folder)),
    problems: [...env.problems, ...merged.problems],
  };
}

/** Its name, its version and its x- keys stay the included file's own. */
const pickSections = (document: PlainMap): PlainMap =>
  Object.fromEntries(Object.entries(document).filter(([key]) => SECTIONS.includes(key)));

/** The variables of the env files of an include; a later file wins. */
function readEnv(
  files: StackFiles,
  { envFiles }: Include,
  folder: string,
  named: { readonly folder: string; readonly place: Position; readonly key: string },
) {
  const problems: Problem[] = [];
  const values: Record<string, string> = {};
  const isOptional = envFiles === undefined;
  for (const path of envFiles ?? [join(folder, '.env')]) {
    const file = path === '/dev/null' ? undefined : files.locate(path, { ...named, isOptional });
    if (typeof file === 'object') problems.push(file);
    if (typeof file !== 'string') continue;
    const env = parseEnv(files.show(file), files.textOf(file));
    problems.push(...env.problems);
    Object.assign(values, env.values);
    for (const [name, value] of Object.entries(env.values))
      files.told.push({ name, value, file: env.file, line: env.lines[name] });
  }
  const lookup: Lookup = (name) =>
    Object.hasOwn(values, name) ? files.filler.write(name, values[name] ?? '') : undefined;
  return { lookup, problems, hasOwn: Object.keys(values).length > 0 };
}

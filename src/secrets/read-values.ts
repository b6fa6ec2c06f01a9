import { join, relative, resolve } from 'node:path';
import { baseOf, type Inputs } from '../config/inputs.ts';
import type { EnvFile } from '../config/parse-env.ts';
import type { Problem } from '../config/problem.ts';
import { findOpen } from '../config/read-inputs.ts';
import type { DeclaredObject, Draft, ReadObject, Values } from '../plan/release/draft.ts';
import { objectId } from '../plan/release/release.ts';
import { secretVariable } from '../plan/variables.ts';
import { messageOf } from '../shared/errors.ts';
import { readBytes, readText, UnreadableFile } from '../shared/read-file.ts';
import { Secret } from '../shared/secret.ts';
import { variableName } from '../shared/variable-name.ts';
import type { Origin } from './source.ts';

/** Reads every value and file that a draft names, each problem with its place and never with a value. */
export async function readValues(
  draft: Draft,
  origins: readonly Origin[],
  { isOffline }: { isOffline: boolean },
): Promise<Values> {
  const chosen = chooseOrigins(draft, origins);
  const problems: Problem[] = [...judgeTwins(draft, origins)];
  const reading = draft.objects.map(async (object) => {
    if (object.isIdle) return [];
    const origin = chosen.get(object);
    if (origin && isOffline && !origin.isLocal) return [];
    const reads = origin ? readOrigin(draft, origin) : readWanted(draft, object);
    return reads.then(
      (read) => [[objectId(object), read] as const],
      (error: unknown) => {
        const why = error instanceof UnreadableFile ? error.problem : messageOf(error);
        // With the file's name, which the stack file's line may not have.
        const place = { ...object.position, message: `${object.position.message}: ${messageOf(error)}` };
        problems.push(origin ? { file: origin.place, message: why } : place);
        return [];
      },
    );
  });
  const [objects, texts, openFiles] = await Promise.all([
    Promise.all(reading),
    readIncluded(draft, problems),
    findOpen(draft.inputs.base, namedFiles(draft)),
  ]);
  return {
    objects: Object.fromEntries(objects.flat()),
    texts,
    openFiles,
    unused: origins.filter((origin) => !isUsed(draft, origin, chosen)).map(describeUnused),
    problems,
  };
}

function namedFiles({ objects, included, told, inputs }: Draft): readonly string[] {
  return [
    ...new Set(told.map(({ file }) => relative(baseOf(inputs), file))),
    ...objects.flatMap(({ wanted }) => ('file' in wanted ? wanted.file : [])),
    ...included.map(({ file }) => file),
  ];
}

type Chosen = ReadonlyMap<DeclaredObject, Origin>;

/** The file that the stack file names; else a value of the deploy folder by the secret's name, which wins over `file:`. */
function chooseOrigins(draft: Draft, origins: readonly Origin[]): Chosen {
  return new Map(
    draft.objects.flatMap((object) => {
      const [origin] = candidates(draft, object, origins);
      return origin ? [[object, origin] as const] : [];
    }),
  );
}

function candidates(
  { inputs }: Draft,
  object: DeclaredObject,
  origins: readonly Origin[],
): readonly Origin[] {
  if (object.kind !== 'secret') return [];
  const { wanted } = object;
  const named = origins.filter((origin) => isNamed(inputs, wanted, origin));
  const byKey = origins.filter(({ key }) => variableName(key) === variableName(object.key));
  return named.length > 0 && byKey.every(({ source }) => source !== 'environment') ? named : byKey;
}

/** Two values for one secret, and nothing that says which. */
function judgeTwins(draft: Draft, origins: readonly Origin[]): readonly Problem[] {
  return draft.objects.flatMap((object) => {
    const [first, second] = candidates(draft, object, origins);
    if (!first || !second) return [];
    const message = `is the secret ${second.key}, which also comes from ${first.from}: keep one of the two`;
    return [{ file: second.place, message }];
  });
}

function isNamed(inputs: Inputs, wanted: DeclaredObject['wanted'], { from }: Origin): boolean {
  return 'file' in wanted && resolve(inputs.base, wanted.file) === resolve(inputs.path, from);
}

async function readOrigin(draft: Draft, origin: Origin): Promise<ReadObject> {
  const isExample = draft.inputs.secretFiles.some(
    ({ file, isExample: same }) => file === origin.from && same,
  );
  return { value: await origin.read(), from: origin.from, file: origin.place, isExample };
}

async function readWanted(
  { inputs, settings, variables }: Draft,
  { wanted }: DeclaredObject,
): Promise<ReadObject> {
  if ('file' in wanted) {
    const content = await readBytes(resolve(inputs.base, wanted.file));
    const file = join(baseOf(inputs), wanted.file);
    if (content === undefined) throw new Error(`there is no file ${file}`);
    const value = new Secret(content);
    return { value, from: wanted.file, file, isExample: false };
  }
  const text =
    'text' in wanted ? wanted.text : 'variable' in wanted ? variables.lookup(wanted.variable) : undefined;
  if (text === undefined)
    throw new Error(`the variable ${'variable' in wanted ? wanted.variable : ''} is not set`);
  const from = 'variable' in wanted ? wanted.variable : 'the stack file';
  const isOf = ({ values }: EnvFile) =>
    Object.hasOwn(values, from) && !Object.hasOwn(inputs.environment, from);
  return { value: new Secret(text), from, file: settings.envFiles.find(isOf)?.file, isExample: false };
}

async function readIncluded(
  { included, inputs }: Draft,
  problems: Problem[],
): Promise<Record<string, string>> {
  const files = [...new Set(included.map(({ file }) => file))];
  const entries = await Promise.all(
    files.map(async (file) => {
      const text = await readText(resolve(inputs.base, file)).catch((error: unknown) => {
        if (!(error instanceof UnreadableFile)) throw error;
        problems.push({ file: join(baseOf(inputs), file), line: error.line, message: error.problem });
        return '';
      });
      return [file, text] as const;
    }),
  );
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** By its key, or because the stack file names the very file; also for a service that is not active. */
function isUsed({ objects, declared, inputs }: Draft, origin: Origin, chosen: Chosen): boolean {
  const isOf = ({ wanted, key }: DeclaredObject) =>
    isNamed(inputs, wanted, origin) || variableName(key) === variableName(origin.key);
  return (
    declared.some(isOf) ||
    objects.some((object) => isNamed(inputs, object.wanted, origin) || chosen.get(object) === origin)
  );
}

function describeUnused({ from, place, key }: Origin): Problem {
  const message = /^\d/.test(key)
    ? 'is not used, and no variable can name it: begin its name with a letter, or name it with file:'
    : `is not used: the stack has no secret ${key} and no \${${secretVariable(key)}}`;
  return { file: place, message, subject: from };
}

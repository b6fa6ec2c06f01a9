import { join } from 'node:path';
import { baseOf, textOf } from '../../config/inputs.ts';
import type { Lookup } from '../../config/interpolate.ts';
import { mapPairs } from '../../config/pairs.ts';
import type { EnvFile } from '../../config/parse-env.ts';
import { parseEnvFile } from '../../config/parse-env-file.ts';
import type { Positions } from '../../config/positions.ts';
import { isMap } from '../../shared/is-map.ts';
import { Secret } from '../../shared/secret.ts';
import { escapeForDocker, referTo } from '../variables.ts';
import type { Draft, IncludedFile, Values } from './draft.ts';

type PlainMap = Readonly<Record<string, unknown>>;

const KEYS = { env_file: 'environment', label_file: 'labels' } as const;

/** Takes env_file and label_file out of the services: on the manager there is no such file to read. */
export function planIncluded(
  document: PlainMap,
  positions: Positions,
): { readonly document: PlainMap; readonly files: readonly IncludedFile[] } {
  if (!isMap(document.services)) return { document, files: [] };
  const files: IncludedFile[] = [];
  const services = Object.entries(document.services).map(([service, value]) => {
    if (!isMap(value)) return [service, value];
    for (const key of ['env_file', 'label_file'] as const) {
      const position = {
        ...positions.locate(['services', service, key]),
        message: `services.${service}.${key}`,
      };
      for (const entry of [value[key] ?? []].flat()) {
        const { path, required = true } = isMap(entry) ? entry : { path: entry };
        files.push({ service, into: KEYS[key], file: String(path), required: required !== false, position });
      }
    }
    const { env_file, label_file, ...rest } = value;
    return [service, rest];
  });
  return { document: { ...document, services: Object.fromEntries(services) }, files };
}

/** How a document is filled: what a named variable is, and how a value of a file is written. */
interface FillOptions {
  readonly lookup: Lookup;
  write(into: IncludedFile['into'], name: string, value: string): string;
}

/** The template of the same has the names of the variables that an env_file sets. */
const written: FillOptions['write'] = (into, name, value) =>
  into === 'environment' && value !== '' ? referTo(name) : escapeForDocker(value);

/**
 * The document with what the files say laid under what the services say, and with variables that are only named
 * (`environment: [TZ]`) given their value. One that nothing sets keeps its name alone, which to Docker takes the
 * variable of the image away.
 */
export function fillIncluded(draft: Draft, values: Values) {
  const { variables, included, inputs } = draft;
  const texts = included.map(({ file, required, position }) => {
    const text = textOf(values.texts, file);
    const parsed = parseEnvFile(join(baseOf(inputs), file), text ?? '', variables.lookup);
    const missing = { ...position, message: `${position.message}: there is no ${file}` };
    return { ...parsed, problems: text === undefined && required ? [missing] : parsed.problems };
  });
  const files = included.map((file, at) => ({ ...file, values: texts[at]?.values ?? {} }));
  const told = files
    .filter(({ into }) => into === 'environment')
    .flatMap((file) => Object.entries(file.values));
  return {
    sensitive: Object.fromEntries(told.map(([name, value]) => [name, new Secret(value)])),
    document: fill(draft.document, files, {
      lookup: variables.lookup,
      write: (_into, _name, value) => value,
    }),
    template: fill(draft.template, files, { lookup: variables.template, write: written }),
    problems: isMap(draft.document.services) ? texts.flatMap(({ problems }) => problems) : [],
  };
}

type ReadFile = IncludedFile & Pick<EnvFile, 'values'>;

function fill(document: PlainMap, files: readonly ReadFile[], filling: FillOptions): PlainMap {
  if (!isMap(document.services)) return document;
  const services = Object.entries(document.services).map(([name, value]) => [
    name,
    isMap(value)
      ? fillService(
          value,
          files.filter(({ service }) => service === name),
          filling,
        )
      : value,
  ]);
  return { ...document, services: Object.fromEntries(services) };
}

function fillService(value: PlainMap, files: readonly ReadFile[], { lookup, write }: FillOptions): PlainMap {
  const under = { environment: {} as PlainMap, labels: {} as PlainMap };
  for (const { into, values } of files) {
    const entries = Object.entries(values).map(([name, text]) => [name, write(into, name, text)]);
    under[into] = { ...under[into], ...Object.fromEntries(entries) };
  }
  const environment = nameValues({ ...under.environment, ...mapPairs(value.environment) }, lookup);
  const labels = { ...under.labels, ...mapPairs(value.labels) };
  const args = isMap(value.build) ? value.build.args : undefined;
  return {
    ...value,
    ...(isKnown(value.environment, under.environment) && { environment }),
    ...(isKnown(value.labels, under.labels) && { labels }),
    ...(isKnown(args, {}) && {
      build: { ...(value.build as PlainMap), args: withoutUnset(nameValues(mapPairs(args), lookup)) },
    }),
  };
}

/** Left alone when it is of a kind that cannot be: it is told about elsewhere. */
function isKnown(own: unknown, under: PlainMap): boolean {
  return isMap(own) || Array.isArray(own) || Object.keys(under).length > 0;
}

function nameValues(environment: PlainMap, lookup: Lookup): PlainMap {
  const entries = Object.entries(environment).map(([name, value]) => [name, value ?? lookup(name) ?? null]);
  return Object.fromEntries(entries);
}

const withoutUnset = (args: PlainMap) =>
  Object.fromEntries(Object.entries(args).filter(([, value]) => value !== null));

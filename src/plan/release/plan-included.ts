import { join } from 'node:path';
import { baseOf, textOf } from '../../config/inputs.ts';
import { mapPairs } from '../../config/pairs.ts';
import { parseEnvFile } from '../../config/parse-env-file.ts';
import type { Positions } from '../../config/positions.ts';
import type { Problem } from '../../config/problem.ts';
import { shield } from '../../config/shield.ts';
import { isMap } from '../../shared/is-map.ts';
import type { Draft, IncludedFile, Values } from './draft.ts';

type Map_ = Readonly<Record<string, unknown>>;

const KEYS = { env_file: 'environment', label_file: 'labels' } as const;

/** Takes env_file and label_file out of the services: on the manager there is no such file to read. */
export function planIncluded(
  document: Map_,
  positions: Positions,
): { readonly document: Map_; readonly files: readonly IncludedFile[] } {
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

/**
 * The document with what the files say laid under what the services say, and with variables that are only named
 * (`environment: [TZ]`) given their value. One that nothing sets keeps its name alone, which to Docker takes the
 * variable of the image away.
 */
export function fillIncluded(
  { document, included, variables, inputs }: Draft,
  { texts }: Values,
): { readonly document: Map_; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  if (!isMap(document.services)) return { document, problems };
  const services = Object.entries(document.services).map(([name, value]) => {
    if (!isMap(value)) return [name, value];
    const under = { environment: {} as Map_, labels: {} as Map_ };
    for (const { into, file, required, position } of included.filter(({ service }) => service === name)) {
      const text = textOf(texts, file);
      if (text === undefined && required)
        problems.push({ ...position, message: `${position.message}: there is no ${file}` });
      const parsed = parseEnvFile(join(baseOf(inputs), file), text ?? '', variables.lookup);
      problems.push(...parsed.problems);
      under[into] = { ...under[into], ...shieldAll(parsed.values) };
    }
    const environment = nameValues(
      { ...under.environment, ...mapPairs(value.environment) },
      variables.lookup,
    );
    const labels = { ...under.labels, ...mapPairs(value.labels) };
    const args = isMap(value.build) ? value.build.args : undefined;
    return [
      name,
      {
        ...value,
        ...(isKnown(value.environment, under.environment) && { environment }),
        ...(isKnown(value.labels, under.labels) && { labels }),
        ...(isKnown(args, {}) && {
          build: {
            ...(value.build as Map_),
            args: withoutUnset(nameValues(mapPairs(args), variables.lookup)),
          },
        }),
      },
    ];
  });
  return { document: { ...document, services: Object.fromEntries(services) }, problems };
}

function shieldAll(values: Readonly<Record<string, string>>): Map_ {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, shield(value)]));
}

/** Left alone when it is of a kind that cannot be: it is told about elsewhere. */
function isKnown(own: unknown, under: Map_): boolean {
  return isMap(own) || Array.isArray(own) || Object.keys(under).length > 0;
}

function nameValues(environment: Map_, lookup: (name: string) => string | undefined): Map_ {
  const entries = Object.entries(environment).map(([name, value]) => [name, value ?? lookup(name) ?? null]);
  return Object.fromEntries(entries);
}

const withoutUnset = (args: Map_) =>
  Object.fromEntries(Object.entries(args).filter(([, value]) => value !== null));

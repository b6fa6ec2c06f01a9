import { join } from 'node:path';
import { baseOf, textOf } from '../../config/inputs.ts';
import { mapPairs } from '../../config/pairs.ts';
import { parseEnvFile } from '../../config/parse-env-file.ts';
import type { Path, Position } from '../../config/positions.ts';
import { isMap } from '../../shared/is-map.ts';
import type { Draft, Values } from '../release/draft.ts';
import { objectId } from '../release/release.ts';

/** Keys of Docker's that Waggle makes of compose's. */
const MADE_OF: readonly (readonly [made: string, key: string])[] = [
  ['deploy.restart_policy', 'restart'],
  ['deploy.replicas', 'scale'],
  ['deploy.resources.limits.memory', 'mem_limit'],
  ['deploy.resources.limits.cpus', 'cpus'],
  ['deploy.resources.limits.pids', 'pids_limit'],
  ['deploy.resources.reservations.memory', 'mem_reservation'],
  ['deploy.placement.constraints', 'platform'],
];

/** Says where the value at a path of the stack comes from: file and line, and each variable with its own. */
export function describeOrigins(draft: Draft, values: Values): (path: Path) => string {
  return (path) => {
    const [section, name, key] = path.map(String);
    const [first, ...more] = sourcesOf(draft, values, path);
    if (first !== undefined) return [first, ...more].join(', ');
    const place = show(placeOf(draft, path));
    const variables = draft.positions.variablesAt(sourcePath(draft, path));
    const content = key === 'name' ? contentOf(draft, values, section, name) : [];
    return [
      place,
      ...content,
      ...variables.map((variable) => `${variable} ${whereSet(draft, variable)}`),
    ].join(', ');
  };
}

const show = ({ file, line }: Position) => `${file}:${line}`;

/** The path in the files of a value that may have been translated. */
function sourcePath({ positions }: Draft, path: Path): Path {
  const [section, service, ...rest] = path;
  if (section !== 'services' || service === undefined || positions.has(path)) return path;
  const made = MADE_OF.find(([key]) => `${rest.join('.')}.`.startsWith(`${key}.`));
  const source = made ? [section, service, made[1]] : path;
  return positions.has(source) ? source : path;
}

const placeOf = (draft: Draft, path: Path) => draft.positions.locate(sourcePath(draft, path));

/** Of a variable or a label that comes from a file, or that the stack file only names. */
function sourcesOf(draft: Draft, values: Values, path: Path): readonly string[] {
  const [section, service, into, name] = path.map(String);
  if (section !== 'services' || path.length !== 4 || name === undefined) return [];
  if (into !== 'environment' && into !== 'labels') return [];
  const { services } = draft.document;
  const own = isMap(services) ? services[service ?? ''] : undefined;
  const written = mapPairs(isMap(own) ? own[into] : undefined);
  if (Object.hasOwn(written, name)) {
    if (written[name] !== null || into !== 'environment') return [];
    return [show(placeOf(draft, path)), `${name} ${whereSet(draft, name)}`];
  }
  const files = draft.included.filter((file) => file.service === service && file.into === into);
  const found = files.flatMap(({ file }) => {
    const shown = join(baseOf(draft.inputs), file);
    const { lines } = parseEnvFile(shown, textOf(values.texts, file) ?? '', draft.variables.lookup);
    return Object.hasOwn(lines, name) ? [`${shown}:${lines[name]}`] : [];
  });
  return found.slice(-1);
}

/** Of a secret or config, whose name is its version's. */
function contentOf(draft: Draft, values: Values, section = '', key = ''): readonly string[] {
  const object = draft.objects.find((one) => `${one.kind}s` === section && one.key === key);
  const from = object && values.objects[objectId(object)]?.from;
  return from ? [`content of ${from}`] : [];
}

function whereSet({ inputs, settings, told, variables }: Draft, name: string): string {
  if (Object.hasOwn(inputs.environment, name)) return 'from the environment';
  const file = settings.envFiles.find(({ values }) => Object.hasOwn(values, name));
  if (file) return `from ${file.file}:${file.lines[name]}`;
  if (variables.lookup(name) !== undefined) return 'from Waggle';
  const included = told.filter((one) => one.name === name).map(({ file: own, line }) => `${own}:${line}`);
  return included.length > 0 ? `from ${[...new Set(included)].join(' or ')}` : 'is not set';
}

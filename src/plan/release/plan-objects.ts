import { type Pairs, readPairs } from '../../config/pairs.ts';
import type { Path, Positions } from '../../config/positions.ts';
import type { Problem } from '../../config/problem.ts';
import { isMap } from '../../shared/is-map.ts';
import { markVersion, versionsIn } from '../variables.ts';
import type { DeclaredObject, Draft, Values } from './draft.ts';
import { type ObjectKind, objectId, type VersionedObject } from './release.ts';
import { LONGEST_NAME, planObjectName } from './release-name.ts';

type PlainMap = Readonly<Record<string, unknown>>;

/** Docker's limits: moby refuses the rest only after half of a deploy is done. */
export const MOST_BYTES: Readonly<Record<ObjectKind, number>> = { secret: 511_999, config: 1_024_000 };

const SECTIONS = { secret: 'secrets', config: 'configs' } as const;

/**
 * The secrets and configs that Waggle versions: those with file:, environment: or content:, and those that are
 * external by a name like ${POSTGRES_PASSWORD_SECRET}. Gives the document back with each as an external of its version.
 * `idle` are keys of secrets that nobody will ask for.
 */
export function declareObjects(
  document: PlainMap,
  positions: Positions,
  idle: ReadonlySet<string>,
): { readonly document: PlainMap; readonly objects: readonly DeclaredObject[] } {
  const objects: DeclaredObject[] = [];
  let changed = document;
  for (const kind of ['secret', 'config'] as const) {
    const section = document[SECTIONS[kind]];
    if (!isMap(section)) continue;
    const entries = Object.entries(section).map(([key, value]) => {
      const object = isMap(value) ? declare(kind, key, value, positions, idle) : undefined;
      if (object) objects.push(object);
      const isOurs = object && !('origin' in object.wanted);
      return [key, isOurs ? { external: true, name: markVersion(objectId(object)) } : value];
    });
    changed = { ...changed, [SECTIONS[kind]]: Object.fromEntries(entries) };
  }
  return { document: changed, objects };
}

function declare(
  kind: ObjectKind,
  key: string,
  value: PlainMap,
  positions: Positions,
  idle: ReadonlySet<string>,
): DeclaredObject | undefined {
  const { external, name, file, environment, content, labels, template_driver: templating } = value;
  const path: Path = [SECTIONS[kind], key];
  const common = {
    kind,
    key,
    labels: readPairs(labels as Pairs),
    templating: typeof templating === 'string' ? templating : undefined,
    isIdle: kind === 'secret' && idle.has(key),
    position: { ...positions.locate(path), message: path.join('.') },
  };
  const named = isMap(external) ? external.name : name;
  const [origin] = versionsIn(String(named ?? ''));
  if (origin) return { ...common, key: origin.slice(origin.indexOf('/') + 1), wanted: { origin } };
  if (external) return undefined;
  if (typeof file === 'string') return { ...common, wanted: { file } };
  if (typeof environment === 'string') return { ...common, wanted: { variable: environment } };
  if (typeof content === 'string' && kind === 'config') return { ...common, wanted: { text: content } };
  return undefined;
}

/** The objects with their values, and what Docker would not take of them. */
export function planObjects(
  { objects, stack, id }: Draft,
  values: Values,
): { readonly objects: readonly VersionedObject[]; readonly problems: readonly Problem[] } {
  const planned = objects.map((object): VersionedObject => {
    const { kind, key, labels, templating } = object;
    const found = values.objects[objectId(object)];
    const newName = planObjectName(stack, key, id);
    return { kind, key, newName, labels, templating, from: found?.from ?? '', value: found?.value };
  });
  const problems = objects.flatMap((object, index) => {
    const { file, isExample = false } = values.objects[objectId(object)] ?? {};
    const message = judgeObject(planned[index] as VersionedObject, isExample);
    return message ? [{ ...(file === undefined ? object.position : { file }), message }] : [];
  });
  return { objects: planned, problems };
}

function judgeObject({ kind, key, newName, value }: VersionedObject, isExample: boolean): string | undefined {
  const bytes = value?.bytes ?? 1;
  const most = MOST_BYTES[kind];
  if (isExample) return 'still holds the text of its .example: put the real value in';
  if (bytes === 0) return `is empty: Docker takes no empty ${kind}`;
  if (bytes > most) return `has ${bytes} bytes: Docker takes at most ${most} in a ${kind}`;
  if (!/^[\w.-]+$/.test(key)) return 'has a name that Docker does not take: use letters, digits, _ . and -';
  if (newName.length <= LONGEST_NAME) return undefined;
  return `would be the ${kind} ${newName}, longer than the ${LONGEST_NAME} characters Docker allows: shorten its name or STACK_NAME`;
}

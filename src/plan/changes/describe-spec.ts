import type { ServiceSpec } from '../../shared/service-spec.ts';
import { hideSpec, type Templates } from '../spec/templates.ts';

/**
 * One property of a service, by the name an operator knows it under. Swarm replaces tasks when something of `tasks`
 * or of the `endpoint` changes, when one may not stay where it is after a change of `placement`, and leaves them when
 * it is only of the `service`.
 */
export interface Field {
  readonly name: string;
  readonly value: string;
  readonly scope: 'tasks' | 'placement' | 'endpoint' | 'service';
  /** Without sensitive values. */
  readonly shown: Pick<Field, 'name' | 'value'>;
}

type Json = unknown;
type JsonMap = Readonly<Record<string, Json>>;

/** What the engine fills in, or what says what another field says already. */
const DERIVED = new Set([
  'Name',
  'Labels.com.docker.stack.image',
  'Labels.com.docker.stack.namespace',
  'TaskTemplate.ContainerSpec.Labels.com.docker.stack.namespace',
  'TaskTemplate.ForceUpdate',
  'TaskTemplate.Placement.Platforms',
  'TaskTemplate.ContainerSpec.Privileges.CredentialSpec.Config',
]);

/** Values that mean the same as none. */
const DEFAULTS: Readonly<Record<string, Json>> = {
  'EndpointSpec.Mode': 'vip',
  'TaskTemplate.Runtime': 'container',
  'TaskTemplate.ContainerSpec.Isolation': 'default',
};

/** Begins the name of a list's entry, which no property of the API has. */
const MARK = '\0';
const ENTRY = `TaskTemplate.ContainerSpec.${MARK}`;

/** Docker replaces tasks for another order of the same mounts, too. */
export const MOUNT_ORDER = 'order of mounts';

/** Where the API's names begin, in an operator's words. */
const WORDS: readonly (readonly [string, string])[] = [
  ['TaskTemplate.ContainerSpec.Image', 'image'],
  ['TaskTemplate.ContainerSpec.Args', 'command'],
  ['TaskTemplate.ContainerSpec.Command', 'entrypoint'],
  ['TaskTemplate.ContainerSpec.Labels.', 'container label '],
  ['TaskTemplate.ContainerSpec.Sysctls.', 'sysctl '],
  ['TaskTemplate.ContainerSpec.', ''],
  ['TaskTemplate.Resources.Limits.', 'limit '],
  ['TaskTemplate.Resources.Reservations.', 'reservation '],
  ['TaskTemplate.Networks.', 'network '],
  ['TaskTemplate.Placement.', ''],
  ['TaskTemplate.', ''],
  ['EndpointSpec.Mode', 'endpoint mode'],
  ['EndpointSpec.Ports.', 'port '],
  ['Labels.', 'label '],
  ['Mode.Replicated.Replicas', 'replicas'],
];

/** The fields of a spec by name: the same for what Docker stores and for what Waggle plans, if they mean the same. */
export function describeSpec(spec: ServiceSpec, templates: Templates): ReadonlyMap<string, Field> {
  const [fields, shown] = [listFields(spec), listFields(hideSpec(spec, templates))];
  const isAligned = fields.length === shown.length;
  const shownOf = ({ name }: Omit<Field, 'shown'>, at: number) =>
    (isAligned ? shown[at] : shown.find((one) => one.name === name)) ?? { name: NOT_SHOWN, value: NOT_SHOWN };
  return new Map(fields.map((field, at) => [field.name, { ...field, shown: shownOf(field, at) }]));
}

const NOT_SHOWN = '(not shown)';

function listFields(spec: ServiceSpec): readonly Omit<Field, 'shown'>[] {
  return flatten(keyed(spec as unknown as JsonMap), '')
    .filter(([path, value]) => !DERIVED.has(path) && DEFAULTS[path] !== value)
    .map(([path, value]) => ({ name: nameOf(path), value: textOf(path, value), scope: scopeOf(path) }));
}

function scopeOf(path: string): Field['scope'] {
  if (path.startsWith('TaskTemplate.Placement.')) return 'placement';
  if (path.startsWith('TaskTemplate')) return 'tasks';
  return path.startsWith('EndpointSpec') ? 'endpoint' : 'service';
}

/** `TaskTemplate.Resources.Limits.NanoCPUs` as `limit cpus`, `UpdateConfig.FailureAction` as `update config failure action`. */
function nameOf(path: string): string {
  if (path.startsWith(ENTRY)) return path.slice(ENTRY.length);
  const [prefix, word] = WORDS.find(([start]) => path.startsWith(start)) ?? ['', ''];
  const rest = path.slice(prefix.length);
  // Names that are the operator's own stay as they are.
  if (/(label|sysctl|network|port) $/.test(word)) return word + rest;
  return (word + rest.replace('NanoCPUs', 'cpus').replace('MemoryBytes', 'memory'))
    .replaceAll('.', ' ')
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
}

function textOf(path: string, value: Json): string {
  if (typeof value !== 'number') return typeof value === 'string' ? value : JSON.stringify(value);
  if (path.endsWith('NanoCPUs')) return String(value / 1e9);
  if (path.endsWith('MemoryBytes')) return `${Math.round(value / 1024 ** 2)} MiB`;
  return /(Delay|Monitor|Interval|Timeout|Period|Window)$/.test(path) ? `${value / 1e9}s` : String(value);
}

/** Lists whose entries have a name become maps by that name, so that a difference is one of an entry. */
function keyed(spec: JsonMap): JsonMap {
  const task = mapOf(spec.TaskTemplate);
  const { Env, Secrets, Configs, Mounts, ...container } = mapOf(task.ContainerSpec);
  const { Ports, ...endpoint } = mapOf(spec.EndpointSpec);
  return {
    ...spec,
    TaskTemplate: {
      ...task,
      ContainerSpec: {
        ...container,
        ...entries(Env, (entry) => [`env ${String(entry).split('=')[0]}`, entry]),
        ...entries(Secrets, ({ File, SecretName }) => [
          `secret ${mapOf(File).Name}`,
          describeFile(SecretName, File),
        ]),
        ...entries(Configs, ({ File, ConfigName }) => [
          `config ${mapOf(File).Name}`,
          describeFile(ConfigName, File),
        ]),
        ...entries(Mounts, ({ Target, ...rest }) => [`mount ${Target}`, JSON.stringify(sorted(rest))]),
        [MOUNT_ORDER]: Array.isArray(Mounts) ? Mounts.map(({ Target }) => Target) : [],
      },
      Networks: Object.fromEntries(
        listOf(task.Networks).map(({ Target, ...rest }) => [Target, JSON.stringify(sorted(rest))]),
      ),
    },
    EndpointSpec: {
      ...endpoint,
      Ports: Object.fromEntries(
        listOf(Ports).map(({ PublishedPort, TargetPort, Protocol, PublishMode }) => [
          `${PublishedPort || 'any'}:${TargetPort}/${Protocol || 'tcp'}`,
          PublishMode || 'ingress',
        ]),
      ),
    },
  };
}

function describeFile(name: Json, file: Json): string {
  const { UID, GID, Mode } = mapOf(file);
  return `${name} ${UID}:${GID} ${Number(Mode).toString(8)}`.replace(/ 0:0 444$/, '');
}

/** Entries of a list under names of their own, beside the other properties. */
function entries(list: Json, describe: (entry: JsonMap) => [string, Json]): JsonMap {
  return Object.fromEntries(
    listOf(list).map((entry) => {
      const [name, value] = describe(entry);
      return [`${MARK}${name}`, value];
    }),
  );
}

const listOf = (value: Json) => (Array.isArray(value) ? value : []) as readonly JsonMap[];

/** Without what is zero, so that a value that was never given equals one that was given as nothing. */
function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value)
    .map(([key, entry]) => [key, sorted(entry)] as const)
    .filter(([, entry]) => !isZero(entry))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries);
}

function flatten(value: Json, path: string): [string, Json][] {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const isMode = path === 'Mode.Global' || path === 'Mode.GlobalJob';
    if (isMode) return [[path, 'yes']];
    return Object.entries(value).flatMap(([key, entry]) => flatten(entry, path ? `${path}.${key}` : key));
  }
  const isReplicas = path === 'Mode.Replicated.Replicas';
  return isZero(value) && !isReplicas ? [] : [[path, Array.isArray(value) ? value.map(sorted) : value]];
}

function isZero(value: Json): boolean {
  if (value === undefined || value === null || value === '' || value === 0 || value === false) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

function mapOf(value: Json): JsonMap {
  return (value ?? {}) as JsonMap;
}

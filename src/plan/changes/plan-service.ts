import { isDeepStrictEqual } from 'node:util';
import type { ServiceSpec } from '../../shared/service-spec.ts';
import type { SwarmService } from '../../shared/swarm.ts';
import { meetsAll } from '../placement/judge-constraint.ts';
import type { Release } from '../release/release.ts';
import { modeOf } from '../spec/mode-of.ts';
import type { Templates } from '../spec/templates.ts';
import type { Action, FieldChange, ServiceChange } from './changes.ts';
import { describeSpec, type Field, MOUNT_ORDER } from './describe-spec.ts';
import type { ClusterFacts } from './facts.ts';
import { judgeRestart } from './judge-restart.ts';

export interface ServicePlanInput {
  readonly release: Release;
  readonly facts: ClusterFacts;
  /** Of what runs. */
  readonly recorded: Templates;
}

/** What becomes of one service; `live` is it as it is now. */
export function planService(
  name: string,
  spec: ServiceSpec,
  live: SwarmService | undefined,
  { release, facts, recorded }: ServicePlanInput,
): ServiceChange {
  const starts = startsOf(spec);
  if (!live) return { name, action: 'create', fields: [], stops: 0, starts, notes: [] };
  const names = new Map(facts.networks.map((network) => [network.id, network.name]));
  const now = describeSpec(withNames(live.spec, names), [...recorded, ...release.templates]);
  const next = describeSpec(spec, release.templates);
  const changed = diff(now, next).filter((field) => !isRebuilt(field, now, next, release));
  const fields = changed.map((field) => describeChange(field, now, next));
  if (modeOf(live.spec) !== modeOf(spec))
    return { name, action: 'recreate', fields, stops: live.wanted, starts, notes: DOWN };
  const [had, wants] = [live.wanted, wantedOf(spec, live, facts)];
  const scoped = changed.flatMap((field) => next.get(field) ?? now.get(field) ?? []);
  const { replaced, notes } = judgeRestart(scoped, spec, live, facts);
  const begin = Math.max(0, wants - (had - replaced));
  const action = chooseAction(changed.length, Math.min(replaced, begin));
  return {
    name,
    action,
    fields,
    stops: Math.max(replaced, had - wants),
    starts: begin,
    notes: [...describeOrder(action, spec), ...notes, ...describeScale(live, release, name)],
  };
}

const DOWN = [
  'its mode changes, which Docker does to no service that exists: it is removed and made again, and is down in between',
  'a deploy does that with --allow-recreate only, or by a saved plan',
];

/** How many tasks there are after it. Of a service on every node only another placement says that they are others. */
function wantedOf(spec: ServiceSpec, live: SwarmService, { nodes }: ClusterFacts): number {
  const constraintsOf = ({ TaskTemplate }: ServiceSpec) => TaskTemplate?.Placement?.Constraints ?? [];
  const isSame = isDeepStrictEqual(constraintsOf(spec), constraintsOf(live.spec));
  if (!spec.Mode?.Global || isSame) return spec.Mode?.Replicated?.Replicas ?? live.wanted;
  return nodes.filter((node) => node.usable && meetsAll(node, constraintsOf(spec))).length;
}

/** undefined: only Swarm knows how many nodes it is for. */
const startsOf = ({ Mode }: ServiceSpec) =>
  Mode?.Replicated?.Replicas ?? Mode?.ReplicatedJob?.TotalCompletions;

function chooseAction(changes: number, replaced: number): Action {
  if (changes === 0) return 'nothing';
  return replaced > 0 ? 'restart' : 'update';
}

/**
 * An image that this run builds has no digest yet. Built from the commit that made the live one it will be the
 * same, as long as the tree is clean.
 */
function isRebuilt(
  field: string,
  now: ReadonlyMap<string, Field>,
  next: ReadonlyMap<string, Field>,
  release: Release,
): boolean {
  if (field !== 'image' || release.dirty) return false;
  const [live = '', planned = ''] = [now.get(field)?.value, next.get(field)?.value];
  return !planned.includes('@') && live.startsWith(`${planned}@`);
}

export function diff(now: ReadonlyMap<string, Field>, next: ReadonlyMap<string, Field>): string[] {
  const names = new Set([...now.keys(), ...next.keys()]);
  const changed = [...names].filter((name) => now.get(name)?.value !== next.get(name)?.value).sort();
  const isSaid = changed.some((name) => name.startsWith('mount '));
  return isSaid ? changed.filter((name) => name !== MOUNT_ORDER) : changed;
}

export function describeChange(
  field: string,
  now: ReadonlyMap<string, Field>,
  next: ReadonlyMap<string, Field>,
): FieldChange {
  const [before, after] = [now.get(field)?.shown, next.get(field)?.shown];
  const [from, to] = [before?.value, after?.value];
  const { name = field } = after ?? before ?? {};
  const change = from === undefined ? 'added' : to === undefined ? 'removed' : 'changed';
  if (name.startsWith('env ')) return { name, change };
  return { name, change, ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
}

function describeOrder(action: Action, { UpdateConfig: config = {} }: ServiceSpec): string[] {
  if (action !== 'restart') return [];
  const { Parallelism = 1, Order = 'stop-first' } = config;
  return [`${Parallelism === 0 ? 'all' : Parallelism} at a time, ${Order}`];
}

function describeScale(live: SwarmService, release: Release, name: string): string[] {
  const wanted = release.services.find((service) => service.name === name)?.replicas;
  const has = live.spec.Mode?.Replicated?.Replicas;
  if (wanted === undefined || has === undefined || has === wanted) return [];
  return release.settings.KEEP_LIVE_SCALE
    ? [`keeps its ${has} replicas: the stack file says ${wanted}, KEEP_LIVE_SCALE is set`]
    : [
        `${has} replicas run now, ${wanted} after: the live scale is overwritten (KEEP_LIVE_SCALE=1 keeps it)`,
      ];
}

/** A job of the release phase is always made anew, whatever is left of one. */
export function planJob(name: string, spec: ServiceSpec): ServiceChange {
  const notes = ['before any service changes'];
  return { name, action: 'run', fields: [], stops: 0, starts: startsOf(spec), notes };
}

export function planRemoval(name: string, live: SwarmService | undefined): ServiceChange {
  const notes = ['it is not in the stack file any more'];
  return { name, action: 'remove', fields: [], stops: live?.wanted ?? 0, starts: 0, notes };
}

/** The engine stores ids of networks where the stack file has names. */
export function withNames(spec: ServiceSpec, names: ReadonlyMap<string, string>): ServiceSpec {
  const task = spec.TaskTemplate as { Networks?: { Target?: string }[] } | undefined;
  const networks = (task?.Networks ?? []).map((one) => ({
    ...one,
    Target: names.get(one.Target ?? '') ?? one.Target,
  }));
  return { ...spec, TaskTemplate: { ...spec.TaskTemplate, Networks: networks } } as ServiceSpec;
}

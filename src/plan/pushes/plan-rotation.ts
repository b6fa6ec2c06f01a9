import { DeployError } from '../../shared/errors.ts';
import type { ServiceSpec } from '../../shared/service-spec.ts';
import type { ClusterFacts } from '../changes/facts.ts';
import { KEY_LABEL, STACK_LABEL } from '../labels.ts';
import { objectId, type Release, type VersionedObject } from '../release/release.ts';
import { listReferences, mapReferences, type Reference } from '../spec/references.ts';
import { type PushPlan, partsOf, planPush, type RunningStack } from './push-plan.ts';

/** Throws USAGE for a name that the stack file does not have. */
export function requireObjects(
  { stack, objects }: Pick<Release, 'stack' | 'objects'>,
  keys: readonly string[],
): void {
  const unknown = keys.filter((key) => !objects.some((object) => object.key === key));
  if (unknown.length === 0) return;
  const known = objects.map(({ key }) => key).sort();
  throw new DeployError('USAGE', `${stack} has no secret or config ${unknown.join(', ')}`, {
    hint: known.length > 0 ? `use one of: ${known.join(', ')}` : 'the stack file has none',
  });
}

/**
 * Versions of what these secrets and configs hold now, for the services that use them, and nothing else. One that has
 * yet to be made is named without an id. `undefined`: every service has the current content already.
 */
export function planRotation(keys: readonly string[], running: RunningStack): PushPlan | undefined {
  const { stack, objects } = running;
  const renewals = objects
    .filter(({ key }) => keys.includes(key))
    .map((object) => planRenewal(object, running));
  const parts = partsOf(running);
  const due = renewals.filter((renewal) => parts.some(({ spec }) => uses(spec, [renewal])));
  if (due.length === 0) return undefined;
  const restarted = parts.filter(({ spec }) => uses(spec, due));
  const edits = restarted.map(({ name, spec, wanted }) => {
    return { name, spec: mapReferences(spec, renew(due)), starts: wanted, stops: wanted };
  });
  const names = restarted.map(({ name }) => name.slice(stack.length + 1));
  return {
    ...planPush(running, edits),
    note: `${due.map(({ object }) => object.key).join(', ')} for ${names.join(', ')}`,
    objects: due.map(({ object }) => object),
  };
}

interface Renewal {
  readonly object: VersionedObject;
  /** The version that holds what its source holds now. */
  readonly next: string;
  /** Ids of all its other versions. */
  readonly old: ReadonlySet<string>;
}

function planRenewal(object: VersionedObject, { stack, facts }: RunningStack): Renewal {
  const next = facts.reusable[objectId(object)] ?? object.newName;
  const versions = facts[`${object.kind}s`].filter(
    ({ labels }) => labels[STACK_LABEL] === stack && labels[KEY_LABEL] === object.key,
  );
  return { object, next, old: new Set(versions.filter(({ name }) => name !== next).map(({ id }) => id)) };
}

const uses = (spec: ServiceSpec, renewals: readonly Renewal[]) =>
  listReferences(spec).some(({ id }) => renewals.some(({ old }) => old.has(id)));

const renew =
  (renewals: readonly Renewal[]) =>
  (reference: Reference): Reference => {
    const found = renewals.find(({ old }) => old.has(reference.id));
    return found ? { ...reference, id: '', name: found.next } : reference;
  };

/** The specs with the ids of what was named only. */
export function planIds(
  specs: readonly ServiceSpec[],
  objects: Pick<ClusterFacts, 'secrets' | 'configs'>,
): readonly ServiceSpec[] {
  const identify = ({ kind, id, name }: Reference): Reference => {
    const made = objects[`${kind}s`].find((object) => object.name === name);
    return { kind, id: id || (made?.id ?? ''), name };
  };
  return specs.map((spec) => mapReferences(spec, identify));
}

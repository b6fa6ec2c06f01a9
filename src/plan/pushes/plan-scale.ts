import type { SwarmService } from '../../shared/swarm.ts';
import {
  type PushPlan,
  partsOf,
  planPush,
  type Refusals,
  type RunningStack,
  type ServiceEdit,
} from './push-plan.ts';

/** `api=5 worker=0`: so many replicas of each, and everything else as it is. */
export function planScale(words: readonly string[], running: RunningStack): PushPlan | Refusals {
  const read = words.map((word) => planOne(word, running));
  const edits = read.filter((one) => typeof one !== 'string');
  const names = edits.map(({ name }) => name);
  const twice = names.filter((name, at) => names.indexOf(name) !== at);
  const refusals = [
    ...read.filter((one) => typeof one === 'string'),
    ...twice.map((name) => `${name} is named twice`),
  ];
  if (refusals.length > 0) return refusals;
  return {
    ...planPush(running, edits),
    note: edits.map(({ word, was, Replicas }) => `${word} ${was} -> ${Replicas}`).join(', '),
    objects: [],
  };
}

type Scaling = ServiceEdit & { readonly word: string; readonly was: number; readonly Replicas: number };

/** A text: why not. */
function planOne(word: string, running: RunningStack): Scaling | string {
  const [, name = '', count] = /^(.+)=(\d+)$/.exec(word) ?? [];
  if (count === undefined) return `${word}: write it as service=replicas`;
  const service = partsOf(running).find((one) => one.name === `${running.stack}_${name}`);
  if (!service) return `${running.stack} has no service ${name}`;
  if (!service.spec.Mode?.Replicated)
    return `${name} has no number of replicas: Swarm decides how many tasks it has`;
  const Replicas = Number(count);
  if (!Number.isSafeInteger(Replicas)) return `${word}: that is not a number of replicas`;
  return { word: name, was: service.wanted, Replicas, ...scaleTo(Replicas, service) };
}

function scaleTo(Replicas: number, { name, spec, wanted }: SwarmService): ServiceEdit {
  return {
    name,
    spec: { ...spec, Mode: { Replicated: { Replicas } } },
    starts: Math.max(0, Replicas - wanted),
    stops: Math.max(0, wanted - Replicas),
  };
}

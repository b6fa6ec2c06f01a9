import type { SwarmService } from '../../shared/swarm.ts';
import {
  type PushPlan,
  partsOf,
  planPush,
  type Refusals,
  type RunningStack,
  type ServiceEdit,
} from './push-plan.ts';

/** New tasks of the same spec, as its update policy says; of all services but jobs when none is named. */
export function planRestart(words: readonly string[], running: RunningStack): PushPlan | Refusals {
  const { stack } = running;
  const parts = partsOf(running);
  const nameOf = ({ name }: SwarmService) => name.slice(stack.length + 1);
  const unknown = words.filter((word) => !parts.some((part) => nameOf(part) === word));
  if (unknown.length > 0) return unknown.map((word) => `${stack} has no service ${word}`);
  const isMeant = (part: SwarmService) => (words.length > 0 ? words.includes(nameOf(part)) : !isJob(part));
  const meant = parts.filter(isMeant);
  return { ...planPush(running, meant.map(restart)), note: meant.map(nameOf).join(', '), objects: [] };
}

const isJob = ({ spec: { Mode } }: SwarmService) => !(Mode?.Replicated ?? Mode?.Global);

function restart({ name, spec, wanted }: SwarmService): ServiceEdit {
  const { TaskTemplate = {} } = spec;
  const ForceUpdate = (TaskTemplate.ForceUpdate ?? 0) + 1;
  return {
    name,
    spec: { ...spec, TaskTemplate: { ...TaskTemplate, ForceUpdate } },
    starts: wanted,
    stops: wanted,
  };
}

import { isDeepStrictEqual } from 'node:util';
import { PHASE_LABEL } from '../../plan/labels.ts';
import { describeServices } from '../../plan/records/describe-releases.ts';
import { scaleAs } from '../../plan/records/plan-drift.ts';
import { recordedTemplates } from '../../plan/records/recorded-templates.ts';
import type { Templates } from '../../plan/spec/templates.ts';
import { DeployError } from '../../shared/errors.ts';
import type { ServiceSpec } from '../../shared/service-spec.ts';
import type { SwarmService } from '../../shared/swarm.ts';
import type { Deployment } from '../step.ts';

/** Compares the services right before the first change with those of the plan. `now`: without jobs of the release phase. */
export function settleConcurrentChange(
  {
    release: { stack, settings, templates },
    facts,
    tools,
    outputs: { onMeanwhile = 'overwrite' },
  }: Deployment,
  now: readonly SwarmService[],
): void {
  const planned = facts.services.map(({ spec }) => spec).filter(({ Labels }) => !Labels?.[PHASE_LABEL]);
  const found = now.map(({ spec }) => spec);
  const hidden = [...recordedTemplates(facts.records), ...templates];
  const changed = describeMeanwhile(
    planned,
    settings.KEEP_LIVE_SCALE ? scaleAs(planned, found) : found,
    hidden,
  );
  if (changed.length === 0) return;
  if (onMeanwhile === 'refuse')
    throw new DeployError('PLAN_STALE', `${stack} was changed by hand since the saved plan was checked`, {
      details: changed,
      hint: 'nothing was changed; make a new plan, look at it, and deploy that',
    });
  if (onMeanwhile !== 'overwrite')
    throw new DeployError('DRIFTED', `${stack} was changed by hand since this deploy began`, {
      details: changed,
      hint: 'nothing was changed; deploy again, which begins with what runs now',
    });
  for (const line of changed) tools.log.warn(`changed by hand since this deploy began: ${line}`);
}

/** A line each; of what no line describes, that it differs. */
function describeMeanwhile(
  planned: readonly ServiceSpec[],
  found: readonly ServiceSpec[],
  templates: Templates,
): readonly string[] {
  const lines = describeServices({ services: planned, templates }, { services: found, templates });
  const others = found.filter(({ Name }) => !lines.some((line) => line.startsWith(`${Name}: `)));
  const silent = others.filter(
    (spec) =>
      !isDeepStrictEqual(
        spec,
        planned.find(({ Name }) => Name === spec.Name),
      ),
  );
  return [...lines, ...silent.map(({ Name }) => `${Name}: is not the same`)];
}

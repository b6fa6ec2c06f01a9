import type { ServiceSpec } from '../../shared/service-spec.ts';
import type { Templates } from '../spec/templates.ts';
import { describeSpec } from './describe-spec.ts';
import { describeChange, diff } from './plan-service.ts';
import { renderField } from './render-plan.ts';

/** What is not the same in two specs of the cluster's own, a line each: `image: a -> b`. Shows no sensitive value. */
export function describeDifference(
  before: ServiceSpec,
  now: ServiceSpec,
  templates: { readonly before: Templates; readonly now: Templates },
): readonly string[] {
  const [was, is] = [describeSpec(before, templates.before), describeSpec(now, templates.now)];
  return diff(was, is)
    .map((field) => describeChange(field, was, is))
    .map((change) => `${change.name} ${renderField(change)}`);
}

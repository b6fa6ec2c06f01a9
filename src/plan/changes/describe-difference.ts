import type { ServiceSpec } from '../../shared/service-spec.ts';
import { describeSpec } from './describe-spec.ts';
import { describeChange, diff } from './plan-service.ts';
import { renderField } from './render-plan.ts';

/** What is not the same in two specs of the cluster's own, a line each: `image: a -> b`. Shows no value of the environment. */
export function describeDifference(before: ServiceSpec, now: ServiceSpec): readonly string[] {
  const [was, is] = [describeSpec(before), describeSpec(now)];
  return diff(was, is).map((name) => `${name} ${renderField(describeChange(name, was, is))}`);
}

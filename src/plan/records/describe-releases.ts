import { describeDifference } from '../changes/describe-difference.ts';
import type { SpecsWithTemplates } from '../spec/templates.ts';

/** What is not the same in two lists of services, a line each: `shop_api: replicas 2 -> 3`. */
export function describeServices(before: SpecsWithTemplates, after: SpecsWithTemplates): readonly string[] {
  const byName = ({ services }: SpecsWithTemplates) => new Map(services.map((spec) => [spec.Name, spec]));
  const [was, is] = [byName(before), byName(after)];
  const templates = { before: before.templates, now: after.templates };
  return [...new Set([...was.keys(), ...is.keys()])].sort().flatMap((name) => {
    const [old, now] = [was.get(name), is.get(name)];
    if (!old) return [`${name}: is new`];
    if (!now) return [`${name}: is gone`];
    return describeDifference(old, now, templates).map((line) => `${name}: ${line}`);
  });
}

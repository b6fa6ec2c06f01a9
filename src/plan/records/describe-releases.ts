import type { ServiceSpec } from '../../shared/service-spec.ts';
import { describeDifference } from '../changes/describe-difference.ts';
import type { ReleaseRecord } from './release-record.ts';

/** What is not the same in two lists of services, a line each: `shop_api: replicas 2 -> 3`. */
export function describeServices(
  before: readonly ServiceSpec[],
  after: readonly ServiceSpec[],
): readonly string[] {
  const was = new Map(before.map((spec) => [spec.Name, spec]));
  const is = new Map(after.map((spec) => [spec.Name, spec]));
  return [...new Set([...was.keys(), ...is.keys()])].sort().flatMap((name) => {
    const [old, now] = [was.get(name), is.get(name)];
    if (!old) return [`${name}: is new`];
    if (!now) return [`${name}: is gone`];
    return describeDifference(old, now).map((line) => `${name}: ${line}`);
  });
}

export const describeReleases = (before: ReleaseRecord, after: ReleaseRecord) =>
  describeServices(before.services, after.services);

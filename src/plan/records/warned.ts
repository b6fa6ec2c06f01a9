import type { Finding } from '../../config/problem.ts';
import type { Mask } from '../../shared/mask.ts';
import { showControls } from '../../shared/show-controls.ts';
import type { SwarmRecord } from '../../shared/swarm.ts';
import { parseHistory, ranHealthy } from './release-record.ts';

/** Names a finding in a record. Lines are left out: an edit elsewhere in the file moves them. */
export const warningKey = ({ rule, message }: Finding, mask: Mask): string =>
  showControls(mask(`${rule}: ${message}`));

/** The warnings of the last release that was deployed; a rollback or a scaling has none of its own. */
export function findWarned(records: readonly SwarmRecord[]): {
  readonly release?: string;
  readonly keys: ReadonlySet<string>;
} {
  const last = parseHistory(records).releases.findLast(({ result, warned }) => warned && ranHealthy(result));
  return last ? { release: `r${last.number}`, keys: new Set(last.warned) } : { keys: new Set() };
}

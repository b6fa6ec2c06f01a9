import { type FindingGroup, groupFindings, renderGroup } from '../config/group-findings.ts';
import { type Finding, SILENCING } from '../config/problem.ts';
import type { Log, WarningEvent } from '../shared/log.ts';

/** Logs one line a rule, and once how to accept what a rule found. */
export function tellFindings(log: Log, findings: readonly Finding[]): void {
  const groups = groupFindings(findings);
  for (const group of groups) log.warn(warningEvent(group), renderGroup(group));
  if (groups.length > 0) log.info(SILENCING);
}

const warningEvent = ({ rule, findings }: FindingGroup): WarningEvent => ({
  rule,
  findings: findings.map(({ file, line, column, message }) => ({
    file,
    ...(line !== undefined && { line }),
    ...(column !== undefined && { column }),
    message,
  })),
});

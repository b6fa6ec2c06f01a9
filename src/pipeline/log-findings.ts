import { listWarnings, renderGroup } from '../config/group-findings.ts';
import { type Finding, SILENCING } from '../config/problem.ts';
import { findWarned, warningKey } from '../plan/records/warned.ts';
import type { Log } from '../shared/log.ts';
import type { Mask } from '../shared/mask.ts';
import type { SwarmRecord } from '../shared/swarm.ts';

/** Logs one line a rule, and once how to accept what a rule found. */
export function logFindings(log: Log, findings: readonly Finding[]): void {
  const warnings = listWarnings(findings);
  for (const { rule, message, findings } of warnings)
    log.warn({ rule, findings }, renderGroup({ rule, message }));
  if (warnings.length > 0) log.info(`${SILENCING}. \`waggle plan --json\` lists every place`);
}

/** Logs what the running release did not have already, and counts the rest. */
export function logNewFindings(
  log: Log,
  findings: readonly Finding[],
  { records, mask }: { readonly records: readonly SwarmRecord[]; readonly mask: Mask },
): void {
  const { release = '', keys } = findWarned(records);
  const isNew = (finding: Finding) => !keys.has(warningKey(finding, mask));
  logFindings(log, findings.filter(isNew));
  const known = listWarnings(findings.filter((finding) => !isNew(finding))).length;
  const count = known === 1 ? 'one warning' : `${known} warnings`;
  if (known > 0) log.info(`${count} as in ${release}: \`waggle plan\` shows all`);
}

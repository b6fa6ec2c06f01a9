import { type Finding, renderPlace } from './problem.ts';

/** All that one rule found, in one line. */
export interface FindingGroup {
  readonly rule: string;
  readonly message: string;
  readonly findings: readonly Finding[];
}

/** Where a finding is, as JSON shows it. */
export interface Place {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  readonly message: string;
}

/** A group as JSON shows it. */
export interface Warning {
  readonly rule: string;
  readonly message: string;
  readonly findings: readonly Place[];
}

/** More names than this are told as a number. */
const MOST_NAMES = 3;

/** One group a rule, in the order in which the rules first found something. */
export function groupFindings(findings: readonly Finding[]): readonly FindingGroup[] {
  const rules = [...new Set(findings.map(({ rule }) => rule))];
  return rules.map((rule) => {
    const own = findings.filter((finding) => finding.rule === rule);
    return { rule, message: describeGroup(own), findings: own };
  });
}

/** `no-healthcheck: api, worker and 7 more have no health check`. */
export const renderGroup = ({ rule, message }: Pick<FindingGroup, 'rule' | 'message'>) =>
  `${rule}: ${message}`;

/** What `--json` of a command lists. */
export const listWarnings = (findings: readonly Finding[]): readonly Warning[] =>
  groupFindings(findings).map((group) => ({ ...group, findings: group.findings.map(placeOf) }));

const placeOf = ({ file, line, column, message }: Finding): Place => ({
  file,
  ...(line !== undefined && { line }),
  ...(column !== undefined && { column }),
  message,
});

/** A single finding shows its place; of several, the names are what fits in a line. */
function describeGroup(findings: readonly Finding[]): string {
  const [first, ...others] = findings;
  if (!first) return '';
  if (others.length === 0) return `${renderPlace(first)}: ${first.message}`;
  const subjects = [...new Set(findings.flatMap(({ subject }) => subject ?? []))];
  if (!first.summary || subjects.length === 0)
    return `${renderPlace(first)}: ${first.message}, and at ${others.length} more`;
  const [one, many] = first.summary;
  return `${listNames(subjects)} ${subjects.length === 1 ? one : many}`;
}

function listNames(names: readonly string[]): string {
  const [last = ''] = names.slice(-1);
  if (names.length === 1) return last;
  if (names.length <= MOST_NAMES) return `${names.slice(0, -1).join(', ')} and ${last}`;
  const shown = names.slice(0, MOST_NAMES - 1);
  return `${shown.join(', ')} and ${names.length - shown.length} more`;
}

import { type Finding, renderPlace } from './problem.ts';

/** All that one rule found, in one line. */
export interface FindingGroup {
  readonly rule: string;
  readonly message: string;
  readonly findings: readonly Finding[];
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
export const renderGroup = ({ rule, message }: FindingGroup) => `${rule}: ${message}`;

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

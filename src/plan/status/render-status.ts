import { renderGroup } from '../../config/group-findings.ts';
import { describeAge } from '../../shared/age.ts';
import { renderTable } from '../../shared/table.ts';
import { describeHolder } from '../records/lock.ts';
import type { NodeStatus, ServiceStatus, StackStatus } from './stack-status.ts';

/** One screen. `now` in ms, for ages. */
export function renderStatus(
  { stack, release, lock, runs, unreadable, services, nodes, drift, warnings }: StackStatus,
  now: number,
): string {
  return [
    `${stack}: ${describeRelease(release, unreadable.length > 0)}`,
    ...(lock ? [`locked by ${describeHolder(lock)}`] : []),
    ...runs,
    ...unreadable,
    '',
    ...renderServices(services, now),
    '',
    ...renderTable([['node', 'state', 'takes tasks', 'role'], ...nodes.map(describeNode)]).map(indent),
    ...(drift.length > 0 ? ['', ...drift.map((line) => `changed by hand: ${line}`), OVERWRITTEN] : []),
    ...(warnings.length > 0 ? ['', ...warnings.map((one) => `warning ${renderGroup(one)}`)] : []),
  ].join('\n');
}

const OVERWRITTEN =
  '`waggle deploy` sets it right; with --on-drift=adopt it is put on record before, with stop it is refused';

function describeRelease(release: StackStatus['release'], isUnknown: boolean): string {
  if (!release) return isUnknown ? 'the record of its release cannot be read' : 'no release is on record';
  const { number, tag, result, who, since } = release;
  return `r${number}, ${tag}, ${result} ${since.slice(0, 16).replace('T', ' ')} by ${who}`;
}

/** What is wrong with a service stands below it. */
function renderServices(services: readonly ServiceStatus[], now: number): readonly string[] {
  const [head = '', ...lines] = renderTable([
    ['service', 'tasks', 'for', 'image'],
    ...services.map(({ name, running, wanted, since = '', image }) => [
      name,
      `${running}/${wanted}`,
      describeAge(since, now),
      image.replace(/@sha256:(.{12}).*/, '@$1'),
    ]),
  ]);
  const told = services.flatMap(({ update, failed }, at) => [
    lines[at] ?? '',
    ...(update ? [`  ${update}`] : []),
    ...(failed ? [`  failed ${describeAge(failed.since, now)} ago on ${failed.node}: ${failed.why}`] : []),
  ]);
  return [head, ...told].map(indent);
}

const describeNode = ({ hostname, state, availability, role }: NodeStatus) => [
  hostname,
  state,
  availability === 'active' ? 'yes' : `no: ${availability}`,
  role,
];

const indent = (line: string) => `  ${line}`;

import { countOf } from '../../shared/count-of.ts';
import { type Colour, paint } from '../../shared/paint.ts';
import type { Action, Changes, FieldChange, ServiceChange } from './changes.ts';

export interface ShownPlan {
  readonly title: string;
  readonly changes: Changes;
  readonly drift: readonly string[];
  readonly obstacles: readonly string[];
}

const SIGNS: Readonly<Record<Action, string>> = {
  run: '>',
  create: '+',
  restart: '~',
  update: '=',
  recreate: '!',
  remove: '-',
  nothing: ' ',
};

const COLOURS: Readonly<Record<string, Colour>> = {
  '+': 'green',
  '~': 'yellow',
  '=': 'cyan',
  '!': 'red',
  '-': 'red',
};

/** The plan as an operator reads it before saying yes. */
export function renderPlan({ title, changes, drift, obstacles }: ShownPlan): string {
  const { services, objects, networks } = changes;
  const lines = [
    `stack ${title}`,
    '',
    ...services.filter(({ action }) => action !== 'nothing').flatMap(renderService),
    ...networks.map(({ name, action, note }) =>
      action === 'create' ? `+ network ${name}` : `! network ${name}: ${note}`,
    ),
    ...objects
      .filter(({ action }) => action === 'create')
      .map(({ kind, key, name }) => `+ ${kind} ${key}, as ${name}`),
    ...(drift.length > 0
      ? ['', 'changed by hand since the last release:', ...drift.map((line) => `  ${line}`)]
      : []),
    ...(obstacles.length > 0
      ? ['', 'this cannot be deployed:', ...obstacles.map((line) => `! ${line}`)]
      : []),
    '',
    renderSummary(changes),
  ];
  return lines.join('\n').replace(/\n\n+/g, '\n\n');
}

function renderService(change: ServiceChange): string[] {
  const { name, action, fields, notes } = change;
  const head = `${SIGNS[action]} ${name}: ${describeAction(change)}`;
  const width = Math.max(0, ...fields.map((field) => field.name.length));
  return [
    head,
    ...notes.map((note) => `    ${note}`),
    ...fields.map((field) => `    ${field.name.padEnd(width)}  ${renderField(field)}`),
  ];
}

/** What happens to the service and how many of its tasks, in words. */
export function describeAction({ action, stops, starts }: ServiceChange): string {
  const count = (tasks: number | undefined) =>
    tasks === undefined ? 'a task on each node' : countOf(tasks, 'task');
  switch (action) {
    case 'run':
      return `run once, ${count(starts)}`;
    case 'create':
      return `create, ${count(starts)}`;
    case 'remove':
      return `remove, ${count(stops)}`;
    case 'restart':
      return `rolling restart, ${count(starts)} in place of ${stops}`;
    case 'recreate':
      return `recreate, ${count(starts)} in place of ${count(stops)}`;
    case 'update':
      if (starts) return `in place, ${count(starts)} more`;
      return stops ? `in place, ${count(stops)} fewer` : 'in place, no task restarts';
    case 'nothing':
      return 'nothing';
  }
}

export function renderField({ name, change, from, to }: FieldChange): string {
  if (change === 'added') return to === undefined ? 'added (its value is not shown)' : `added: ${to}`;
  if (change === 'removed') return from === undefined ? 'removed' : `removed: ${from}`;
  if (from === undefined) return 'changed (its value is not shown)';
  if (from === to) return `${to} (value changed)`;
  return `${/^(secret|config) /.test(name) ? 'rotates: ' : ''}${from} -> ${to}`;
}

export function renderSummary({ services, objects }: Changes): string {
  const of = (action: Action) => services.filter((service) => service.action === action);
  const restarted = of('restart').reduce((sum, { starts = 0 }) => sum + starts, 0);
  const parts = [
    [of('run').length, 'to run once'],
    [of('create').length, 'to create'],
    [of('restart').length, `to restart (${restarted} tasks)`],
    [of('update').length, 'in place'],
    [of('recreate').length, 'to recreate'],
    [of('remove').length, 'to remove'],
  ] as const;
  const said = parts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  const kept = objects.filter(({ action }) => action === 'reuse').length;
  const reuse = objects.length > 0 ? `; ${kept} of ${objects.length} secrets and configs unchanged` : '';
  return said.length > 0
    ? `services: ${said.join(', ')}, ${of('nothing').length} unchanged${reuse}`
    : `nothing to do: ${countOf(services.length, 'service')} as planned${reuse}`;
}

/** A line of the plan in the colour of its sign. */
export function tintPlan(line: string): string {
  const colour = COLOURS[line[0] ?? ''];
  return colour === undefined ? line : paint(colour, line);
}

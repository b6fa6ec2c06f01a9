import type { ZodType } from 'zod';
import { commonFields } from '../../src/cli/views/event-schema.ts';
import { eventFields } from '../../src/shared/event-fields.ts';
import { renderPage, renderTable } from './table.ts';

const KINDS = [
  ['Every event', commonFields],
  ['Step: a step begins or ends', eventFields.step],
  ['Part: progress of the running step', eventFields.part],
  ['Task: a task enters another state', eventFields.task],
  ['Warning: a rule found something', eventFields.warning],
  ['Result: the end of a run', eventFields.result],
] as const;

/** docs/reference/events.md */
export function renderEvents(): string {
  return renderPage('Events', '`src/shared/event-fields.ts`', [
    '`waggle deploy --json` prints one JSON object a line on stdout. So do `rollback`, `scale` and the other',
    'commands that change a stack. A new version may add fields. It renames and removes none.',
    'The error of a failed run is text, on stderr.',
    ...KINDS.flatMap(([title, shape]) => [
      '',
      `## ${title}`,
      '',
      ...renderTable(
        ['field', 'meaning'],
        Object.entries(shape).map(([name, schema]: [string, ZodType]) => [
          `\`${name}\``,
          `${schema._zod.optin === 'optional' ? 'Optional. ' : ''}${schema.description ?? ''}`,
        ]),
      ),
    ]),
  ]);
}

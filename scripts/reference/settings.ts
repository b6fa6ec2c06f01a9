import type { ZodType } from 'zod';
import { clusterSchema, registrySchema } from '../../src/config/settings.ts';
import { renderPage, renderTable } from './table.ts';

const FILES = [
  ['cluster.env', 'target and behaviour', clusterSchema.shape],
  ['registry.env', 'registry of the images', registrySchema.shape],
] as const;

const PRECEDENCE = [
  'Waggle reads three env files in the deploy folder: `cluster.env`, `registry.env` and `prod.env`.',
  'A key of `prod.env` is a variable of your stack file. The other two also hold the settings below.',
  'If several places set a name, the first of these wins:',
  '',
  '1. A value that Waggle computes: `DEPLOY_TAG`, `DEPLOY_ID`, `STACK_NAME`, `<SECRET>_SECRET`.',
  '2. The environment, and the options of the command.',
  '3. `prod.env`, then `cluster.env`, then `registry.env`.',
  '',
  'A switch is on with `1` or `true`. See [env files](stack-file.md#env-files) for the syntax.',
];

/** docs/reference/settings.md */
export function renderSettings(): string {
  return renderPage('Settings', '`src/config/settings.ts`', [
    ...PRECEDENCE,
    ...FILES.flatMap(([file, what, shape]) => [
      '',
      `## ${file}: ${what}`,
      '',
      ...renderTable(
        ['setting', 'default', 'meaning'],
        Object.entries(shape).map(([key, schema]: [string, ZodType]) => [
          `\`${key}\``,
          describeDefault(schema),
          schema.description ?? '',
        ]),
      ),
    ]),
  ]);
}

/** The value that the schema makes of an empty text. */
function describeDefault(schema: ZodType): string {
  const { success, data } = schema.safeParse('');
  if (!success) return 'required';
  if (typeof data === 'boolean') return data ? 'on' : 'off';
  return data === undefined || data === '' || (Array.isArray(data) && data.length === 0) ? '' : `\`${data}\``;
}

import type { ZodType } from 'zod';
import { clusterSchema, registrySchema } from '../src/config/settings.ts';

const FILES = [
  ['cluster.env', 'where to deploy, and how', clusterSchema.shape],
  ['registry.env', 'where images are pushed to and pulled from', registrySchema.shape],
] as const;

/** docs/configuration.md, from the schemas that the settings are checked against. */
export function renderConfiguration(): string {
  return [
    '# Settings',
    '',
    'Made from the schemas in `src/config/settings.ts` by `npm run docs`. [DEPLOYING.md](../DEPLOYING.md#settings) tells which',
    'file or variable wins where one is set twice. A switch is on with `1` or `true`.',
    ...FILES.flatMap(([file, what, shape]) => [
      '',
      `## deploy/${file}: ${what}`,
      '',
      '| setting | when empty | |',
      '|---|---|---|',
      ...Object.entries(shape).map(([key, schema]) => renderSetting(key, schema)),
    ]),
    '',
  ].join('\n');
}

function renderSetting(key: string, schema: ZodType): string {
  const { description = '' } = schema;
  return `| \`${key}\` | ${describeDefault(schema)} | ${description.replaceAll('|', '\\|')} |`;
}

/** What the schema makes of nothing. */
function describeDefault(schema: ZodType): string {
  const { success, data } = schema.safeParse('');
  if (!success) return 'it must be set';
  if (typeof data === 'boolean') return data ? 'on' : 'off';
  return data === undefined || data === '' || (Array.isArray(data) && data.length === 0) ? '' : `\`${data}\``;
}

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findBeforeOf, findRelease } from '../../plan/records/find-release.ts';
import { parseHistory, type ReleaseRecord } from '../../plan/records/release-record.ts';
import { renderHtml } from '../../plan/report/render-html.ts';
import { renderSvg } from '../../plan/report/render-svg.ts';
import { DeployError } from '../../shared/errors.ts';
import { atCluster } from '../at-cluster.ts';
import type { RunContext } from '../run-context.ts';
import { writeResult } from '../write-result.ts';

export interface ReportOptions {
  readonly target: string | undefined;
  /** `r41`; undefined: the last one, with any result. */
  readonly name: string | undefined;
  /** `.html` or `.svg`; undefined: `.waggle/<stack>-r41.html`. */
  readonly out: string | undefined;
}

const OWN_FOLDER = '.waggle';
const FORMATS = { '.html': renderHtml, '.svg': renderSvg } as const;

/** Writes what became of a deploy, as a page or a picture. */
export async function writeReport(context: RunContext, { target, name, out }: ReportOptions): Promise<void> {
  const format = formatOf(out ?? '.html');
  await atCluster(context, target, async ({ stack }, _tools, records) => {
    const history = parseHistory(await records);
    const newest = Math.max(1, ...[...history.releases, ...history.damaged].map(({ number }) => number));
    const record = findRelease(history, name ?? `r${newest}`);
    const file = out ?? (await inOwnFolder(`${stack}-r${record.number}.html`));
    await writeResult(context, 'the report', file, format(record, findBeforeOf(history, record)));
    context.print(file);
  });
}

/** A folder that git ignores: a report does not make the checkout dirty. */
async function inOwnFolder(name: string): Promise<string> {
  await mkdir(OWN_FOLDER, { recursive: true });
  await writeFile(join(OWN_FOLDER, '.gitignore'), '*\n');
  return join(OWN_FOLDER, name);
}

function formatOf(file: string): (record: ReleaseRecord, before: ReleaseRecord | undefined) => string {
  const found = Object.entries(FORMATS).find(([end]) => file.endsWith(end));
  if (found) return found[1];
  throw new DeployError('USAGE', `${file} has no form that a report can have`, {
    hint: `end it with one of: ${Object.keys(FORMATS).join(', ')}`,
  });
}

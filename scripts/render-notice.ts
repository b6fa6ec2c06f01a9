import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const LICENCE = /^(licen[cs]e|copying|notice)/i;
/** The folder of a package: `node_modules/a`, `node_modules/@b/c`. */
const PACKAGE = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/;
const RULE = '-'.repeat(79);

/** The licences of the packages that these files of a bundle come from; packages of one text share it. */
export function renderNotice(files: readonly string[]): string {
  const folders = new Set(files.flatMap((file) => PACKAGE.exec(file)?.[0] ?? []));
  const sharing = new Map<string, string[]>();
  for (const folder of [...folders].sort()) {
    const { title, text } = readLicence(folder);
    sharing.set(text, [...(sharing.get(text) ?? []), title]);
  }
  const parts = [...sharing].map(([text, titles]) => [RULE, ...new Set(titles), '', text, ''].join('\n'));
  return ['Waggle contains these packages, under their own licences.', '', ...parts].join('\n');
}

function readLicence(folder: string): { readonly title: string; readonly text: string } {
  const { name, version, license, licenses, author, repository } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  );
  const id = license ?? licenses?.[0]?.type;
  const title = `${name} ${version} (${id})`;
  if (typeof id !== 'string') throw new Error(`${folder} names no licence`);
  const texts = readdirSync(folder)
    .filter((file) => LICENCE.test(file))
    .map((file) => readFileSync(join(folder, file), 'utf8').trim());
  // Some packages say it in package.json only.
  const said = `Its package has no licence text. By ${author?.name ?? author}: ${repository?.url ?? repository}`;
  return { title, text: texts.join('\n\n') || said };
}

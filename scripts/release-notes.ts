import { readFileSync } from 'node:fs';

/** Prints the notes of a version from CHANGELOG.md: what stands under `## 1.2.0`. Takes the tag, `v1.2.0`. */
const tag = process.argv[2] ?? '';
const version = tag.replace(/^v/, '');
const { version: current } = JSON.parse(readFileSync('package.json', 'utf8'));
if (version !== current) fail(`package.json has version ${current}, but the tag is ${tag}`);
const sections = readFileSync('CHANGELOG.md', 'utf8').split(/^## /m);
const [, notes = ''] = sections.map((section) => section.split(/\n(.*)/s)).find(isOfVersion) ?? [];
if (notes.trim() === '') fail(`CHANGELOG.md has no notes under \`## ${version}\``);
process.stdout.write(`${notes.trim()}\n`);

/** A heading may name a date after the version. */
function isOfVersion([heading = '']: readonly string[]): boolean {
  return heading.split(' ')[0] === version;
}

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

import { isMap, isPair, isSeq, type Node, type YAMLMap, type YAMLSeq } from 'yaml';
import { pairOf, startOf } from './compose-nodes.ts';
import type { TextEdits } from './edit-text.ts';

/** A file of the project that a service binds. */
export interface Bind {
  readonly node: unknown;
  /** From the root. */
  readonly file: string;
  readonly target: string;
  readonly isProgram: boolean;
}

/** Takes mounts out of a list, or the list with its key if nothing stays in it. */
export function takeOut(text: TextEdits, map: YAMLMap, list: YAMLSeq, binds: readonly Bind[]): void {
  const isTaken = (item: unknown) => binds.some(({ node }) => node === item);
  const takeLines = (start: number, end: number) =>
    text.replace(text.lineStart(start), text.nextLine(end), '');
  const last = list.items.findLast((item) => !isTaken(item));
  if (last === undefined && map.flow) text.replace(startOf(list), endOf(list), '[]');
  else if (last === undefined) takeLines(startOf(pairOf(map, 'volumes')?.key), endOf(list));
  else
    for (const [at, item] of list.items.entries()) {
      if (!isTaken(item)) continue;
      const next = list.items[at + 1];
      if (!list.flow) takeLines(startOf(item), endOf(item));
      else if (next) text.replace(startOf(item), startOf(next), '');
      else text.replace(endOf(last), endOf(item), '');
    }
}

/** The end of a value, without what follows on its line: a block's own range may hold comments after it. */
function endOf(node: unknown): number {
  if ((isMap(node) || isSeq(node)) && !node.flow) {
    const last: unknown = node.items.at(-1);
    return endOf(isPair(last) ? (last.value ?? last.key) : last);
  }
  return (node as Node | undefined)?.range?.[1] ?? 0;
}

interface Mounted extends Bind {
  readonly source: string;
}

const renderConfig = ({ source, target, isProgram }: Mounted) =>
  `{ source: ${source}, target: ${JSON.stringify(target)}${isProgram ? ', mode: 0555' : ''} }`;

/** Mounts configs in a service: in the list that it has, or in one where its volumes stand. */
export function addConfigs(text: TextEdits, map: YAMLMap, binds: readonly Mounted[]): void {
  const rendered = binds.map(renderConfig);
  const list = pairOf(map, 'configs')?.value;
  const at = startOf(pairOf(map, 'volumes')?.key);
  const line = text.lineStart(at);
  const indent = ' '.repeat(at - line);
  if (isSeq(list) && list.items.length > 0) addItems(text, list, rendered);
  else if (map.flow) text.insert(at, `configs: [${rendered.join(', ')}], `);
  else text.insert(line, `${indent}configs:\n${rendered.map((one) => `${indent}  - ${one}\n`).join('')}`);
}

/** Declares configs by their files: in the section that there is, or at the end of the file. */
export function declareConfigs(
  text: TextEdits,
  section: unknown,
  files: Readonly<Record<string, string>>,
): void {
  const lines = Object.entries(files).map(([name, file]) => `${name}: { file: ${JSON.stringify(file)} }`);
  if (lines.length === 0) return;
  if (isMap(section) && section.items.length > 0) addItems(text, section, lines);
  else text.append(`\nconfigs:\n${lines.map((one) => `  ${one}\n`).join('')}`);
}

/** Writes items above the first one. */
function addItems(text: TextEdits, into: YAMLMap | YAMLSeq, rendered: readonly string[]): void {
  const first: unknown = into.items[0];
  const at = startOf(isPair(first) ? first.key : first);
  const line = text.lineStart(at);
  if (into.flow) text.insert(at, rendered.map((one) => `${one}, `).join(''));
  else text.insert(line, rendered.map((one) => `${text.slice(line, at)}${one}\n`).join(''));
}

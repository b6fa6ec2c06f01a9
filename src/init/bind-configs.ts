import { posix } from 'node:path';
import { isMap, isSeq, type YAMLMap, type YAMLSeq } from 'yaml';
import { parseMount } from '../config/compose/parse-mount.ts';
import { type ComposeNodes, isText, pairOf } from './compose-nodes.ts';
import { addConfigs, type Bind, declareConfigs, takeOut } from './edit-binds.ts';
import type { ComposeEdits } from './edit-compose.ts';
import { shiftPath, type Way } from './shift-paths.ts';

/** What is at a path of the project: a text that a config can hold, and whether it is a program. */
export type LookAt = (file: string) => { readonly isProgram: boolean } | undefined;

/** Makes configs of the files that services bind: a path of this machine is none of the nodes. */
export function bindConfigs(nodes: ComposeNodes, edits: ComposeEdits, way: Way, lookAt: LookAt): void {
  const names = new ConfigNames(nodes.section('configs').map(({ key }) => key));
  for (const [map, list] of listsOf(nodes)) {
    const binds = list.items.flatMap((item) => findBind(nodes, item, way, lookAt));
    if (binds.length === 0) continue;
    takeOut(edits.text, map, list, binds);
    const mounted = binds.map((bind) => ({ ...bind, source: names.of(bind.file) }));
    addConfigs(edits.text, map, mounted);
  }
  const declared = [...names.all].map(([file, name]) => [
    name,
    shiftPath(posix.relative(way.from, file), way),
  ]);
  declareConfigs(edits.text, nodes.top('configs')?.value, Object.fromEntries(declared));
}

/** The lists of volumes, each once. One that an alias leads to may be another service's, too. */
function listsOf(nodes: ComposeNodes): ReadonlyMap<YAMLMap, YAMLSeq> {
  const maps = nodes.section('services').flatMap(({ value }) => nodes.layers(value));
  return new Map(
    maps.flatMap((map) => {
      const list = pairOf(map, 'volumes')?.value;
      return isSeq(list) ? [[map, list] as const] : [];
    }),
  );
}

function findBind(nodes: ComposeNodes, item: unknown, way: Way, lookAt: LookAt): readonly Bind[] {
  const node = nodes.resolve(item);
  const read = (key: string) => {
    const value = isMap(node) ? nodes.find(node, key)?.value : undefined;
    return isText(value) ? value.value : undefined;
  };
  const long = { type: read('type'), source: read('source'), target: read('target') };
  const { type, source = '', target } = (isText(node) ? parseMount(node.value) : long) ?? {};
  if (type !== 'bind' || !target || /^[/~]/.test(source) || source.includes('$')) return [];
  const file = posix.join(way.from, source);
  const found = lookAt(file);
  return found ? [{ node: item, file, target, ...found }] : [];
}

/** Names of configs by their files. */
class ConfigNames {
  readonly all = new Map<string, string>();
  readonly #taken: Set<string>;

  constructor(declared: readonly string[]) {
    this.#taken = new Set(declared);
  }

  of(file: string): string {
    const known = this.all.get(file);
    if (known) return known;
    const base = posix
      .basename(file)
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '_')
      .replaceAll(/^_|_$/g, '');
    let name = base || 'file';
    for (let at = 2; this.#taken.has(name); at++) name = `${base}_${at}`;
    this.#taken.add(name);
    this.all.set(file, name);
    return name;
  }
}

import type { Pair, Scalar, YAMLMap } from 'yaml';
import { startOf } from './compose-nodes.ts';
import { TextEdits } from './edit-text.ts';

/** Edits a compose file by the places of its nodes. A node is edited once, however many aliases lead to it. */
export class ComposeEdits {
  readonly text: TextEdits;
  readonly #edited = new Set<unknown>();

  constructor(text: string) {
    this.text = new TextEdits(text);
  }

  /** Writes another text in the quotes of the old one. A text over several lines stays. */
  setText(node: Scalar<string>, value: string, isInBlock = false): void {
    if (node.value === value || node.type?.startsWith('BLOCK')) return;
    this.setYaml(node, quoteAs(node.type, value, isInBlock));
  }

  setYaml(node: Scalar<string>, yaml: string): void {
    const [start, end] = node.range ?? [0, 0, 0];
    if (!this.#edited.has(node)) this.text.replace(start, end, yaml);
    this.#edited.add(node);
  }

  /** Writes a key above another one, once per map. */
  addBefore(map: YAMLMap, pair: Pair | undefined, key: string, value: string): void {
    if (this.#isAdded(map, key) || !pair) return;
    const at = startOf(pair.key);
    const line = this.text.lineStart(at);
    if (map.flow) this.text.insert(at, `${key}: ${JSON.stringify(value)}, `);
    else this.text.insert(line, `${' '.repeat(at - line)}${key}: ${value}\n`);
  }

  #isAdded(map: YAMLMap, key: string): boolean {
    const id = `${startOf(map)} ${key}`;
    if (this.#edited.has(id)) return true;
    this.#edited.add(id);
    return false;
  }
}

function quoteAs(type: string | undefined, value: string, isInBlock: boolean): string {
  if (type === 'QUOTE_SINGLE') return `'${value.replaceAll("'", "''")}'`;
  return type === 'PLAIN' && (isInBlock || isPlain(value)) ? value : JSON.stringify(value);
}

/** Safe in a flow map as well. */
const isPlain = (value: string) => /^[\w./$~-][^#:,[\]{}]*$/.test(value);

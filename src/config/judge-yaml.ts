import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  visit,
} from 'yaml';

export interface YamlProblem {
  readonly offset: number;
  readonly message: string;
  readonly rule?: string;
}

const TOO_DEEP = 'is nested too deep';
/** Deeper than any stack file, and less than what a stack of calls takes. */
const DEEPEST = 200;

/** Options of `parseDocument` for what judgeYaml judges: the library compares each key with each other one. */
export const JUDGED = { uniqueKeys: false, prettyErrors: false, logLevel: 'error' } as const;

const FAULTS: Readonly<Record<string, string>> = {
  MULTIPLE_DOCS: 'begins a second document, which Docker does not read: keep it in a file of its own',
};

/** What a value with one of YAML's own tags must have become; null is an object. */
const TYPES: Readonly<Record<string, string>> = {
  str: 'string',
  int: 'number',
  float: 'number',
  bool: 'boolean',
  null: 'object',
};

/** What cannot be read, and what Docker's parser refuses where the library would throw or take it. */
export function judgeYaml(yaml: Document.Parsed, text: string): readonly YamlProblem[] {
  const errors = yaml.errors.filter(
    ({ code, pos }) => code !== 'MULTIPLE_DOCS' || !isEnd(text.slice(pos[0])),
  );
  if (errors.length > 0)
    return errors.map(({ pos, code, message }) => ({
      offset: pos[0],
      message: FAULTS[code] ?? (message.startsWith('Maximum call stack') ? TOO_DEEP : message),
      ...(code === 'MULTIPLE_DOCS' && { rule: 'second-document' }),
    }));
  const problems: YamlProblem[] = [];
  const repeated = new Set<unknown>();
  visit(yaml, (key, node, path) => {
    if (isMap(node)) for (const twin of findRepeatedKeys(node.items)) repeated.add(twin);
    const ancestors = path as readonly unknown[];
    const message =
      ancestors.length > DEEPEST
        ? TOO_DEEP
        : repeated.has(node)
          ? REPEATED
          : judge(yaml, key, node, ancestors);
    const place = isScalar(node) || isCollection(node) || isAlias(node) ? node : (node as Pair<Node>)?.key;
    if (message) problems.push({ offset: place?.range?.[0] ?? 0, message });
    return message ? visit.BREAK : undefined;
  });
  return problems;
}

/** Nothing but marks of an end and comments. */
const isEnd = (text: string) =>
  text.split('\n').every((line) => /^(---|\.\.\.)?[ \t]*(#.*)?$/.test(line.trimEnd()));

function judge(
  yaml: Document,
  key: unknown,
  node: unknown,
  ancestors: readonly unknown[],
): string | undefined {
  if (isAlias(node)) {
    const target = node.resolve(yaml);
    if (!target) return `*${node.source} is not defined above: write &${node.source} where it begins`;
    return ancestors.includes(target) ? `*${node.source} stands within itself` : undefined;
  }
  if (key === 'key' && !isScalar(node)) return 'is not a valid key: a key must be text';
  if (key === 'key' && isScalar(node) && node.value === null) return 'has no key: write one before the colon';
  if (isScalar(node)) return judgeTag(node.tag, node.value);
  return isMap(node) ? judgeMerges(yaml, node.items) : undefined;
}

const REPEATED = 'is a key that the map already has: keep one of the two';

/** A key that stands a second time. Merges are for judgeMerges. */
function findRepeatedKeys(items: readonly Pair<unknown, unknown>[]): readonly unknown[] {
  const seen = new Set<unknown>();
  return items.flatMap(({ key }) => {
    if (!isScalar(key) || key.value === '<<' || typeof key.value === 'symbol') return [];
    const isRepeated = seen.has(key.value);
    seen.add(key.value);
    return isRepeated ? [key] : [];
  });
}

/** Of YAML's own tags; others are for readMark. */
function judgeTag(tag: string | undefined, value: unknown): string | undefined {
  const [, kind] = /^tag:yaml\.org,2002:(.+)$/.exec(tag ?? '') ?? [];
  if (kind === undefined) return undefined;
  const type = TYPES[kind];
  if (type === undefined) return `has the tag !!${kind}: write what it stands for`;
  return typeof value === type ? undefined : `is not what its tag !!${kind} says`;
}

function judgeMerges(yaml: Document, items: readonly Pair<unknown, unknown>[]): string | undefined {
  const merges = items.filter(
    ({ key }) => isScalar(key) && (key.value === '<<' || typeof key.value === 'symbol'),
  );
  const plain = merges.filter(({ key }) => isScalar(key) && key.type === 'PLAIN');
  if (plain.length > 1) return 'has << twice: write <<: [*one, *other]';
  const resolved = (node: unknown) => (isAlias(node) ? node.resolve(yaml) : node);
  const isMergeable = (node: unknown) => isMap(resolved(node));
  const isRight = plain.every(({ value }) =>
    isSeq(value) ? value.items.every(isMergeable) : isMergeable(value),
  );
  return isRight ? undefined : 'has a << that is not a map: write <<: *name, with &name at a map';
}

import type { SwarmNode } from '../../shared/swarm.ts';

const CONSTRAINT = /^\s*([\w.-]+)\s*(==|!=)\s*(.+?)\s*$/;
/** What swarmkit takes for a value. */
const VALUE = /^[a-z0-9:\-_\s.*()?+[\]\\^$|/]+$/i;
const LABELS = /^(node|engine)\.labels\.(.+)$/i;

/** Properties of a node that a constraint may name, beside labels. */
const PROPERTIES: Readonly<Record<string, (node: SwarmNode) => string>> = {
  'node.id': ({ id }) => id,
  'node.hostname': ({ hostname }) => hostname,
  'node.ip': ({ address }) => address,
  'node.role': ({ role }) => role,
  'node.platform.os': ({ os }) => os,
  'node.platform.arch': ({ machine }) => machine,
};

/** Whether a node meets `node.role == manager` and the like. Case counts in names of labels only, as in swarmkit. */
export function meetsConstraint(node: SwarmNode, constraint: string): boolean {
  const [, key = '', operator, wanted = ''] = CONSTRAINT.exec(constraint) ?? [];
  const isEqual = propertyOf(node, key).toLowerCase() === wanted.toLowerCase();
  return operator === '!=' ? !isEqual : isEqual;
}

/** Whether these constraints, all of them, let a task run there. */
export const meetsAll = (node: SwarmNode, constraints: readonly string[] = []): boolean =>
  constraints.every((one) => meetsConstraint(node, one));

/** What swarmkit does not take; undefined if it takes the constraint. */
export function judgeConstraint(constraint: string): string | undefined {
  const [, key, , wanted = ''] = CONSTRAINT.exec(constraint) ?? [];
  if (!key) return 'is not a constraint: write something like node.role == manager';
  if (!VALUE.test(wanted)) return `has the value ${wanted}: Swarm takes letters, digits and :-_.*()?+[]^$|/`;
  return undefined;
}

/** A key that no node has: swarmkit takes it, and no node ever meets the constraint. */
export function hasUnknownKey(constraint: string): boolean {
  const [, key = ''] = CONSTRAINT.exec(constraint) ?? [];
  return !LABELS.test(key) && !Object.hasOwn(PROPERTIES, key.toLowerCase());
}

export const KNOWN_KEYS = [...Object.keys(PROPERTIES), 'node.labels.*', 'engine.labels.*'];

function propertyOf(node: SwarmNode, key: string): string {
  const [, kind, label = ''] = LABELS.exec(key) ?? [];
  if (kind) return (kind.toLowerCase() === 'node' ? node.labels : node.engineLabels)[label] ?? '';
  return PROPERTIES[key.toLowerCase()]?.(node) ?? '';
}

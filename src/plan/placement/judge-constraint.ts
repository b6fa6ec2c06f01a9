import type { SwarmNode } from '../../shared/swarm.ts';

const CONSTRAINT = /^\s*([\w.-]+)\s*(==|!=)\s*(.+?)\s*$/;

/** Properties of a node that a constraint may name, beside labels. */
const PROPERTIES: Readonly<Record<string, (node: SwarmNode) => string>> = {
  'node.id': ({ id }) => id,
  'node.hostname': ({ hostname }) => hostname,
  'node.ip': ({ address }) => address,
  'node.role': ({ role }) => role,
  'node.platform.os': ({ os }) => os,
  'node.platform.arch': ({ machine }) => machine,
};

/** Whether a node meets `node.role == manager` and the like; capitals do not count, as in swarmkit. */
export function meetsConstraint(node: SwarmNode, constraint: string): boolean {
  const [, key = '', operator, wanted = ''] = CONSTRAINT.exec(constraint) ?? [];
  const isEqual = propertyOf(node, key).toLowerCase() === wanted.toLowerCase();
  return operator === '!=' ? !isEqual : isEqual;
}

/** Whether these constraints, all of them, let a task run there. */
export const meetsAll = (node: SwarmNode, constraints: readonly string[] = []): boolean =>
  constraints.every((one) => meetsConstraint(node, one));

/** What swarmkit would not take; undefined when it is a constraint. */
export function judgeConstraint(constraint: string): string | undefined {
  const [, key = ''] = CONSTRAINT.exec(constraint) ?? [];
  if (!key) return 'is no constraint: write something like node.role == manager';
  const isKnown = Object.hasOwn(PROPERTIES, key) || /^(node|engine)\.labels\../.test(key);
  if (isKnown) return undefined;
  return `asks for ${key}, which Swarm does not know: ${Object.keys(PROPERTIES).join(', ')}, node.labels.* and engine.labels.* are`;
}

function propertyOf(node: SwarmNode, key: string): string {
  if (Object.hasOwn(PROPERTIES, key)) return PROPERTIES[key]?.(node) ?? '';
  if (key.startsWith('node.labels.')) return node.labels[key.slice('node.labels.'.length)] ?? '';
  return node.engineLabels[key.slice('engine.labels.'.length)] ?? '';
}

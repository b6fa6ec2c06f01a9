import { parseDocument, visit } from 'yaml';

const KNOWN = new Set(['REGISTRY', 'REGISTRY_NAMESPACE', 'DEPLOY_TAG', 'DEPLOY_ID', 'STACK_NAME']);
const NEEDED = /\$(?:\{([A-Za-z_]\w*)(?::?\?[^}]*)?\}|([A-Za-z_]\w*))/g;

/** Variables that a stack file needs a value for, with those that it names without a dollar. */
export function variablesIn(text: string, others: readonly string[] = []): readonly string[] {
  const names = new Set(others);
  visit(parseDocument(text, { logLevel: 'error' }), {
    Scalar(key, { value }) {
      if (key === 'key' || typeof value !== 'string') return;
      for (const [, braced, bare] of value.replaceAll('$$', '').matchAll(NEEDED))
        names.add(braced ?? bare ?? '');
    },
  });
  return [...names].filter((variable) => !KNOWN.has(variable)).sort();
}

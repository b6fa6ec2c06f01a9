/** A mount in its long form, as compose writes it. */
export interface Mount {
  readonly type: string;
  readonly source?: string;
  readonly target: string;
  readonly read_only?: boolean;
  readonly consistency?: string;
  readonly bind?: { readonly propagation?: string };
  readonly volume?: { readonly nocopy?: boolean; readonly subpath?: string };
  readonly tmpfs?: { readonly size?: number };
}

const PROPAGATIONS = ['private', 'rprivate', 'shared', 'rshared', 'slave', 'rslave'];
const ACCESS = ['ro', 'rw'];
const CONSISTENCIES = ['cached', 'consistent', 'delegated'];

/** `[source:]target[:options]`: a source that is a path is bound, one that is a name is a volume. */
export function parseMount(text: string): Mount | undefined {
  const parts = text.split(':');
  if (parts.length > 3 || parts.includes('')) return undefined;
  if (parts.length === 1) return { type: 'volume', target: text };
  const [source = '', target = '', options = ''] = parts;
  const isPath = /^[./~]/.test(source);
  const words = options.split(',').filter(Boolean);
  // Docker goes through the words in order, so the last of two that contradict each other decides.
  const last = (known: readonly string[]) => words.findLast((word) => known.includes(word));
  const propagation = last(PROPAGATIONS);
  const consistency = last(CONSISTENCIES);
  return {
    type: isPath ? 'bind' : 'volume',
    source,
    target,
    ...(last(ACCESS) === 'ro' && { read_only: true }),
    ...(consistency && { consistency }),
    ...(propagation && { bind: { propagation } }),
    ...(words.includes('nocopy') && { volume: { nocopy: true } }),
  };
}

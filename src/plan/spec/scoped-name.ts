/** What of a network, volume, secret or config of a stack file decides its name in the cluster. */
export interface NameSource {
  readonly name?: string;
  readonly external?: boolean | { readonly name?: string };
}

/** The name in the cluster: an external one's own, else `<stack>_<key>` unless it is given a name. */
export function scopedName(stack: string, declared: NameSource | null | undefined, key: string): string {
  return declared?.external ? externalName(declared, key) : (declared?.name ?? `${stack}_${key}`);
}

/** `external: true` with or without `name:`, and the older `external: { name: ... }`. */
export function externalName({ name, external }: NameSource, key: string): string {
  return (typeof external === 'object' ? external.name : name) ?? key;
}

/**
 * What a value of a stack file may be. `pairs` is a map, or a list of K=V, of text, numbers and nothing; `named` is
 * a map with names of the operator's own; the shapes of `either` differ in kind, so that the value tells which.
 */
export type Shape =
  | 'text'
  | 'whole'
  | 'number'
  | 'boolean'
  | 'duration'
  | 'size'
  | 'pairs'
  | 'nothing'
  | 'anything'
  | { readonly words: readonly string[] }
  | { readonly list: Shape }
  | { readonly keys: Readonly<Record<string, Shape>> }
  | { readonly named: Shape }
  | { readonly either: readonly Shape[] };

export const texts: Shape = { list: 'text' };

/** A secret or config as a service, or a build, mounts it. */
export const mounted: Shape = {
  list: {
    either: ['text', { keys: { source: 'text', target: 'text', uid: 'text', gid: 'text', mode: 'whole' } }],
  },
};

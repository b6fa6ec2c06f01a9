import type { SCALARS } from './scalars.ts';

/**
 * What a value of a stack file may be. `pairs` is a map, or a list of K=V, of text, numbers and nothing, `options` a map
 * of text and numbers; `named` is a map with names of the operator's own; the shapes of `either` differ in kind, so
 * that the value tells which.
 */
export type Shape =
  | keyof typeof SCALARS
  | 'pairs'
  | 'options'
  | 'nothing'
  | 'anything'
  | { readonly words: readonly string[] }
  | { readonly list: Shape; readonly isSet?: boolean }
  | { readonly keys: Readonly<Record<string, Shape>>; readonly required?: readonly string[] }
  | { readonly named: Shape; readonly areNames?: boolean }
  | { readonly either: readonly Shape[] };

export const texts: Shape = { list: 'text' };
/** Docker refuses what is in it twice. */
export const set: Shape = { list: 'text', isSet: true };

/** A secret or config as a service, or a build, mounts it. */
export const mounted: Shape = {
  list: {
    either: ['text', { keys: { source: 'text', target: 'text', uid: 'text', gid: 'text', mode: 'mode' } }],
  },
};

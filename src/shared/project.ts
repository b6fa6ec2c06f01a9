import * as z from 'zod';

/** What tells one repository from another, however it was cloned. */
export interface Project {
  /** Ids of the commits without a parent; several where histories were merged, none of a shallow clone. */
  readonly roots: readonly string[];
  /** Every remote as a URL without a login. */
  readonly remotes: readonly string[];
}

export const projectSchema = z.looseObject({ roots: z.array(z.string()), remotes: z.array(z.string()) });

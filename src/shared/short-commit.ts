/** A commit's id as people read it. Programs get all of it. */
export const shortCommit = (id: string) => id.slice(0, 12);

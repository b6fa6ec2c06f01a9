/** How many tasks of an update run beside those that they replace. `parallelism` 0 is all at once. */
export function countSurge(order: string | undefined, parallelism: number, replicas: number): number {
  if (order !== 'start-first') return 0;
  return parallelism === 0 ? replicas : Math.min(parallelism, replicas);
}

/** Shared by the benchmarks. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

export interface Goal {
  readonly what: string;
  /** In milliseconds, unless the text says another unit. */
  readonly value: number;
  readonly most: number;
}

/** Prints each and sets the exit status: a goal that is missed is a failure. */
export function report(goals: readonly Goal[]): void {
  for (const { what, value, most } of goals) {
    const verdict = value <= most ? 'met' : 'MISSED';
    process.stdout.write(`${what}: ${value.toFixed(0)}, at most ${most.toFixed(0)}: ${verdict}\n`);
  }
  process.exitCode = goals.every(({ value, most }) => value <= most) ? 0 : 1;
}

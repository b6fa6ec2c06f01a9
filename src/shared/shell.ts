import type { ProcessOutput } from 'zx/core';

/** Runs programs on this machine. Never throws for a non-zero status: the caller knows what it means. */
export type Shell = (
  argv: readonly string[],
  options?: ShellOptions,
) => Promise<Pick<ProcessOutput, 'exitCode' | 'stdout' | 'stderr'>>;

export interface ShellOptions {
  readonly cwd?: string;
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly signal?: AbortSignal;
  /** Called with everything that is printed, as it comes. */
  readonly onOutput?: (text: string) => void;
  /** Called with what is printed on standard output, byte for byte. */
  readonly onBytes?: (chunk: Buffer) => void;
}

export const localShell: Shell = async (argv, { cwd, env, input, signal, onOutput, onBytes } = {}) => {
  // Loaded when a program is to be run: a plan that runs none starts sooner.
  const { $: zx } = await import('zx/core');
  // zx's global `$` is mutable and can be changed by ZX_* variables: it is bound here, and only here.
  const $ = zx({ quiet: true, verbose: false, nothrow: true, prefix: '', postfix: '', log: () => {} });
  const running = $({
    ...(cwd && { cwd }),
    ...(env && { env: { ...process.env, ...env } }),
    ...(signal && { signal }),
  })`${argv}`;
  // Always closed, also without input: a program that reads would wait without end.
  running.stdin.on('error', () => {});
  running.stdin.end(input ?? '');
  if (onOutput) {
    running.stdout.on('data', (chunk: Buffer) => onOutput(chunk.toString()));
    running.stderr.on('data', (chunk: Buffer) => onOutput(chunk.toString()));
  }
  if (onBytes) running.stdout.on('data', onBytes);
  return await running;
};

import { type ProcessOutput, $ as zx } from 'zx';

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
}

/**
 * zx's global `$` is mutable and can be changed by ZX_* variables: it is bound here once, and only here.
 */
const $ = zx({ quiet: true, verbose: false, nothrow: true, prefix: '', postfix: '', log: () => {} });

export const localShell: Shell = async (argv, { cwd, env, input, signal, onOutput } = {}) => {
  const running = $({
    ...(cwd && { cwd }),
    ...(env && { env: { ...process.env, ...env } }),
    ...(signal && { signal }),
  })`${argv}`;
  // Always ended, also without input: a program that reads would wait for ever. One that has gone needs none.
  running.stdin.on('error', () => {});
  running.stdin.end(input ?? '');
  if (onOutput) {
    running.stdout.on('data', (chunk: Buffer) => onOutput(chunk.toString()));
    running.stderr.on('data', (chunk: Buffer) => onOutput(chunk.toString()));
  }
  return await running;
};

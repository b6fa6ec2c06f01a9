import type { Log } from './log.ts';
import type { Mask } from './mask.ts';
import type { Shell } from './shell.ts';
import type { Swarm } from './swarm.ts';

/** A shell on the manager. The script goes in by stdin, so nothing in it shows in a process list. */
export interface Remote {
  /** Throws UNREACHABLE when the connection ended first: then nobody knows how much of the script was done. */
  run(script: string): Promise<RemoteOutput>;
}

export interface RemoteOutput {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Everything a check or a step may touch the world with. Tests hand in their own. */
export interface Tools {
  /** The manager's Docker API. */
  readonly swarm: Swarm;
  /** The manager's shell. */
  readonly remote: Remote;
  /** Programs on this machine. */
  readonly local: Shell;
  readonly log: Log;
  /** Hides secret values in text that comes from outside. */
  readonly mask: Mask;
  /** Aborted by Ctrl-C. The way back gets a fresh one: what stops a deploy must not stop its undoing. */
  readonly signal: AbortSignal;
}

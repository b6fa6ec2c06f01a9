import type { Readable, Writable } from 'node:stream';
import type { ReadStream, WriteStream } from 'node:tty';
import type { Mask } from './mask.ts';
import type { PinnedCluster } from './pinned-cluster.ts';
import type { RecordingLog } from './recording-log.ts';
import type { RegistryLogin } from './registry-login.ts';
import type { Shell } from './shell.ts';
import type { HealthAnswer, Swarm } from './swarm.ts';

/** A shell on the manager. The script goes in by stdin, so nothing in it shows in a process list. */
export interface Remote {
  /** Of the manager that is connected now, as it is named in DEPLOY_MANAGER_HOST; undefined: none is. */
  readonly address?: string | undefined;
  /** Begins anew when the connection drops, so a script must be one that may be begun twice. */
  run(script: string, options?: RemoteOptions): Promise<RemoteOutput>;
}

export interface RemoteOptions {
  /** When it is aborted, the script is ended on the manager, too. */
  readonly signal?: AbortSignal;
  /** Called with the address of the manager before the script is sent to it, each time; if it fails, the script is not sent. */
  readonly onAttempt?: (address: string) => Promise<void>;
}

export interface RemoteOutput {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** What the login shell printed before the script began; part of neither of the above. */
  readonly greeting: string;
}

/** Where a program's input comes from, and where what it says goes: a terminal, or no terminal. */
export interface Streams {
  readonly input: Readable & Partial<Pick<ReadStream, 'isTTY' | 'setRawMode'>>;
  readonly output: Writable & Partial<Pick<WriteStream, 'isTTY' | 'columns' | 'rows'>>;
  readonly errors: Writable;
}

/** What of a container only the engine knows that ran it. */
export interface Ending {
  /** Whether the kernel killed a program in it for want of memory; undefined: nobody knows. */
  readonly isOutOfMemory: boolean | undefined;
  /** The last answers of its health check, oldest first. */
  readonly answers: readonly HealthAnswer[];
}

/** The containers of one node. */
export interface Containers {
  /** The Swarm's id of the node. */
  readNodeId(): Promise<string>;
  /** The cluster that the node manages, and who leads it as the node sees it; '' of a worker. */
  readMembership(): Promise<{ readonly cluster: string; readonly leader: string }>;
  /** How a container ended; of one that is gone nothing is known. */
  readEnding(containerId: string): Promise<Ending>;
  /** Runs a program in a container, on a terminal where the streams are one; gives its exit status. */
  exec(containerId: string, command: readonly string[], streams: Streams): Promise<number>;
}

/** A node with a connection of its own. */
export interface Host {
  readonly name: string;
  /** Name and port, as one line of DEPLOY_MANAGER_HOST. */
  readonly address: string;
  readonly remote: Remote;
  readonly containers: Containers;
  /** Throws UNREACHABLE, with the reason. */
  open(): Promise<unknown>;
}

/** Asks the person at the terminal. `undefined`: there is no terminal. '': nothing was answered. */
export type Ask = (
  question: string,
  options?: { readonly isHidden?: boolean },
) => Promise<string | undefined>;

/** Everything a check or a step may touch the world with. Tests hand in their own. */
export interface Tools {
  readonly cluster: PinnedCluster;
  /** The manager's Docker API. */
  readonly swarm: Swarm;
  /** The manager's shell. */
  readonly remote: Remote;
  /** Every manager that is named, the one above among them; connected when they are first used. */
  readonly hosts: readonly Host[];
  /**
   * Any other node, by a name that ssh knows it by; connected when it is first used. `isQuiet`: nobody is asked for a
   * passphrase that has not been given yet.
   */
  hostNamed(name: string, options?: { readonly isQuiet?: boolean }): Host;
  /** For images that are not of the release's own registry. Read when first asked for: a helper may ask the user. */
  readonly logins: () => Promise<readonly RegistryLogin[]>;
  /** Programs on this machine. */
  readonly local: Shell;
  readonly log: RecordingLog;
  /** Hides values in text that leaves by another way than the log: records, notifications, input of hooks. */
  readonly mask: Mask;
  readonly ask: Ask;
  /** Aborted by Ctrl-C. A restore gets a fresh one: what stops a deploy must not stop its restore. */
  readonly signal: AbortSignal;
  /** Aborted when this run loses its lock: it must then change nothing, and restore nothing. */
  readonly lost: AbortSignal;
  /** From then on no command of this run on a manager changes the stack. Without a lock there is none. */
  fenceCommands(): Promise<void>;
}

import type { GitFacts } from '../config/inputs.ts';
import type { Release } from '../plan/release/release.ts';
import type { Log } from '../shared/log.ts';
import type { Secrecy } from '../shared/mask.ts';
import type { Project } from '../shared/project.ts';
import type { Ask, Streams, Tools } from '../shared/tools.ts';

export interface PrintOptions {
  /** Colours a line, where colours are wanted. */
  readonly tint?: (line: string) => string;
  /** It is a container's: where nobody looks at it, its bytes stay as they are. */
  readonly isRelayed?: boolean;
}

export interface ConnectOptions {
  /** The cluster of the saved plan that is deployed. */
  readonly planned?: string | undefined;
  /** It may be another cluster than that of the last deploy. */
  readonly mayBeNew?: boolean;
}

/** What a run needs of the process that it runs in. */
export interface RunContext {
  readonly root: string;
  /** What git says of it. */
  readonly git: Promise<GitFacts>;
  /** Which project it is: a walk through the whole history, for those who need it. */
  readProject(): Promise<Project>;
  readonly environment: Readonly<Record<string, string>>;
  /** What happens, as it happens. */
  readonly log: Log;
  /** The result of the command, on stdout. Objects are printed as JSON. */
  print(result: string | object, options?: PrintOptions): void;
  /** The same, where a newer text takes the place of the one before. */
  draw(result: string | object): Promise<void>;
  /** For a program that runs elsewhere as if it ran here. */
  readonly streams: Streams;
  readonly signal: AbortSignal;
  readonly ask: Ask;
  /** Learns what must not be shown; all that is logged, printed and drawn goes through its mask. */
  readonly secrecy: Secrecy;
  /** Opens the one SSH connection; disposing of it closes it. */
  connect(release: Release, options?: ConnectOptions): Promise<Tools & AsyncDisposable>;
}

import { mapTexts } from './map-texts.ts';

/**
 * What the core says: structured events, once. How they look is decided at the edge (cli/views): lines of text, one
 * JSON object a line, or a live picture on a terminal.
 */
export interface Log {
  /** What is the same in every run: shown with --verbose, and in JSON. */
  debug: LogMethod;
  info: LogMethod;
  warn: LogMethod;
  error: LogMethod;
}

export interface LogMethod {
  (message: string): void;
  (event: Exclude<LogEvent, string>, message: string): void;
}

/** The text alone is a message of the running step. */
export type LogEvent = string | StepEvent | PartEvent | TaskEvent | ResultEvent | WarningEvent;

/** A step begins or ends. */
export interface StepEvent {
  readonly step: string;
  readonly state: 'started' | 'done' | 'failed';
  /** How long it took; absent when it begins. */
  readonly ms?: number;
}

/** How far a part of the running step has come: a newer event of the same part takes the place of the one before. */
export interface PartEvent {
  /** A service, a target of the build, a health URL. */
  readonly part: string;
  /** Of `of`: tasks that run the new spec, steps of the build, good answers in a row. */
  readonly done: number;
  readonly of: number;
  /** What it does, or waits for. */
  readonly note?: string;
}

/** A task came into another state: for machines, and for the report; a PartEvent tells people what it comes to. */
export interface TaskEvent {
  /** `shop_api.2`; of a global service `shop_api@m1`. */
  readonly task: string;
  readonly service: string;
  /** The Swarm's: a slot may see several. */
  readonly taskId: string;
  /** Hostname; '' until it has one. */
  readonly node: string;
  /** As Swarm calls it: preparing, starting, running, failed. */
  readonly state: string;
  /** Of the release that is deployed, or of the previous services that a restore starts. */
  readonly spec: 'new' | 'before';
  /** Why it failed. */
  readonly error?: string;
}

/** The same log, with `map` over every text that it takes. */
export function mapLog<Kind extends Log>(log: Kind, map: (text: string) => string): Kind {
  const say = (level: keyof Log): LogMethod =>
    ((...given: readonly [string] | readonly [Exclude<LogEvent, string>, string]) =>
      (log[level] as (...all: readonly unknown[]) => void)(
        ...given.map((part) => mapTexts(part, map)),
      )) as LogMethod;
  return { ...log, debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error') };
}

export const isTask = (event: LogEvent): event is TaskEvent => typeof event !== 'string' && 'task' in event;

/** What one rule found; its message is one line for all findings. */
export interface WarningEvent {
  /** As `# waggle-ignore <rule>` names it. */
  readonly rule: string;
  readonly findings: readonly {
    readonly file: string;
    readonly line?: number;
    readonly column?: number;
    readonly message: string;
  }[];
}

/** What a run that ended well has come to. */
export interface ResultEvent {
  /** `r42`; '' for a plan, which is not a release yet. */
  readonly release: string;
  /** `<tag>_<UTC time>`. */
  readonly id: string;
  /** Anything that runs is another, or would be. */
  readonly changed: boolean;
  /** Image with its tag -> `sha256:...` */
  readonly digests: Readonly<Record<string, string>>;
  /** The first health URL; '' if there is none. */
  readonly url: string;
  /** All of it, in Markdown. */
  readonly summary: string;
}

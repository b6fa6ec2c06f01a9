import type { ClusterSettings } from '../config/settings.ts';

/** The content of a notification. */
export interface Notice {
  readonly event: 'started' | 'succeeded' | 'failed';
  readonly stack: string;
  /** `<tag>_<UTC time>`. */
  readonly id: string;
  readonly tag: string;
  /** Short sha of the checkout; '' outside of one. */
  readonly commit: string;
  /** `ada@laptop`, or where to look at the CI run. */
  readonly who: string;
  /** ISO 8601. */
  readonly at: string;
  /** Of a failure: its code and its sentence, without any secret value. */
  readonly code?: string;
  readonly reason?: string;
}

/** One way to tell. */
export interface Notifier {
  readonly name: string;
  /** What tells it the notices of a run, one after the other; undefined where nobody asked for it. */
  open(context: NotifyContext): Notify | undefined;
}

/** Throws if the notification fails. */
export type Notify = (notice: Notice) => Promise<void>;

export interface NotifyContext {
  readonly settings: ClusterSettings;
  readonly environment: Readonly<Record<string, string>>;
}

import type { ReleaseRecord } from '../../plan/records/release-record.ts';
import type { VersionedObject } from '../../plan/release/release.ts';
import type { LiveNetwork } from '../../shared/network.ts';
import type { ServiceSpec } from '../../shared/service-spec.ts';

/** The desired state. */
export interface DesiredState {
  /** Of every service; what has none goes. */
  readonly specs: readonly ServiceSpec[];
  /** Whose images and stack file these are. */
  readonly of: ReleaseRecord;
  /** A rollback to this release. */
  readonly isRollback: boolean;
  /** Those that the specs name: one that is gone is made again. */
  readonly networks?: readonly LiveNetwork[];
  /** Secrets and configs that are made for it: the specs name them, and get their ids once they are there. */
  readonly objects?: readonly VersionedObject[];
  /** What is another than in that release, for the history. */
  readonly note?: string;
}

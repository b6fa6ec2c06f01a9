/** The cluster that a run is held to, whichever manager serves it. */
export interface PinnedCluster {
  /** As Swarm gives it; undefined while no manager of it has been asked. */
  readonly id: string | undefined;
  /** Until it is disposed of, a manager without this record is refused: two halves of a cluster have one id. */
  holdLock(recordId: string): Disposable;
  /** Throws WRONG_CLUSTER if the run is not in `other`, unless that is allowed by a flag or at the terminal. */
  accept(other: string, whose: string): Promise<void>;
  /** Notes the cluster in this checkout, for the next run. */
  remember(): Promise<void>;
}

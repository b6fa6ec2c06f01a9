/** What becomes of what somebody changed by hand since the last release. */
export const ON_DRIFT = {
  overwrite: 'bring the stack to what the stack file says, as ever',
  adopt: 'first record the running state as a release, so that a rollback can restore it',
  stop: 'change nothing',
} as const;
export type OnDrift = keyof typeof ON_DRIFT;

/** What becomes of a change that somebody makes by hand while a run builds, pulls or runs a hook. */
export type OnMeanwhile = OnDrift | 'refuse';

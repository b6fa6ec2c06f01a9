/** What becomes of a run that was killed. */
export const ON_INTERRUPTED = {
  resume: 'continue that run; if this fails, restore the stack to its state before that run',
  rollback: 'restore the stack to its state before that run, then deploy',
  adopt: 'record the running state as a release, then deploy',
  fail: 'change nothing',
} as const;
export type OnInterrupted = keyof typeof ON_INTERRUPTED;

/** What becomes of a run that was killed. */
export const ON_INTERRUPTED = {
  resume: 'go on from what it began; if that fails, the stack goes back to what it was before',
  rollback: 'put the stack back as it was before, then go on',
  adopt: 'take what runs now as it is, as a release of its own, then go on',
  fail: 'change nothing',
} as const;
export type OnInterrupted = keyof typeof ON_INTERRUPTED;

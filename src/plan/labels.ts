import type { VersionedObject } from './release/release.ts';

/** Docker's own: what makes services, networks and the rest a stack. */
export const STACK_NAMESPACE = 'com.docker.stack.namespace';

/** Labels of every secret and config that Waggle makes: only those are ever reused or pruned, never a look-alike. */
export const STACK_LABEL = 'com.waggle.stack';
export const KEY_LABEL = 'com.waggle.key';
/** Marks the jobs of the release phase: they are never put back, or they would run again. */
export const PHASE_LABEL = 'com.waggle.phase';
/** What Waggle remembers of a stack carries the stack's name here: locks, journals, releases. Never pruned as a version. */
export const RECORD_LABEL = 'com.waggle.record';
/** A fingerprint of the content, see shared/digest.ts. */
export const DIGEST_LABEL = 'com.waggle.digest';

/** What makes a version beside its content: another label or template driver is another version. */
export function versionContext({ kind, labels, templating = '' }: VersionedObject): string {
  return JSON.stringify([kind, Object.entries(labels).sort(), templating]);
}

/** `<tag>_<UTC yyyymmddhhmmss>`: sorts by time and says what is in it. */
export function planDeployId(tag: string, now: Date): string {
  return `${tag}_${now.toISOString().replaceAll(/\D/g, '').slice(0, 14)}`;
}

/** Docker's limit for the name of a secret or config. */
export const LONGEST_NAME = 64;
/** As much of a commit's id as git itself shows. */
const SHORT_TAG = 7;

/**
 * The name of one version of a secret or config; the plain key is free to be mounted under. Of a long tag, as a commit's
 * whole id, there is as much in it as Docker has room for: the time makes it unique.
 */
export function planObjectName(stack: string, key: string, deployId: string): string {
  const time = deployId.lastIndexOf('_');
  const room = LONGEST_NAME - `${stack}_${key}_${deployId.slice(time)}`.length;
  const tag = deployId.slice(0, Math.min(time, Math.max(room, SHORT_TAG)));
  return `${stack}_${key}_${tag}${deployId.slice(time)}`;
}

/** `<tag>_<UTC yyyymmddhhmmss>`: sorts by time and says what is in it. */
export function planDeployId(tag: string, now: Date): string {
  return `${tag}_${now.toISOString().replaceAll(/\D/g, '').slice(0, 14)}`;
}

/** The name of one version of a secret or config; the plain key is free to be mounted under. */
export function planObjectName(stack: string, key: string, deployId: string): string {
  return `${stack}_${key}_${deployId}`;
}

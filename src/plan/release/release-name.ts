/** `<tag>_<UTC yyyymmddhhmmss>`: sorts by time and says what is in it. */
export function planDeployId(tag: string, now: Date): string {
  return `${tag}_${now.toISOString().replaceAll(/\D/g, '').slice(0, 14)}`;
}

/** Its time, as it stands there. */
export const timeOf = (deployId: string) => deployId.slice(-14);

/** Docker's limit for the names of secrets and configs. */
export const LONGEST_NAME = 64;

/**
 * The name of one version of a secret or config; the plain key is free to be mounted under. Of a long tag, like a whole
 * commit id, as much as there is room for: the time tells versions apart.
 */
export function planObjectName(stack: string, key: string, deployId: string): string {
  const [, tag = '', time = ''] = /^(.*)_(\d+)$/.exec(deployId) ?? [];
  const room = LONGEST_NAME - `${stack}_${key}__${time}`.length;
  return [stack, key, ...(room > 0 ? [tag.slice(0, room)] : []), time].join('_');
}

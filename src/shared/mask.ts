import type { Secret } from './secret.ts';

export type Mask = (text: string) => string;

/** Shorter values would blot out ordinary words, and are no secret worth the name. */
const SHORTEST = 6;

/**
 * Replaces every known secret value in a text that comes from outside: a tool's stderr, a task's log.
 * Lines of a multi-line value count as well, because logs are read line by line.
 */
export function createMask(secrets: readonly Secret[]): Mask {
  const values = secrets
    .map((secret) => secret.revealText().trim())
    .flatMap((value) => [value, ...value.split(/\r?\n/), Buffer.from(value).toString('base64')])
    .filter((value) => value.length >= SHORTEST)
    .sort((a, b) => b.length - a.length);
  return (text) => values.reduce((masked, value) => masked.replaceAll(value, '[secret]'), text);
}

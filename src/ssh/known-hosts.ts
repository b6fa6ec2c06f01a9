import { createHmac, timingSafeEqual } from 'node:crypto';

/** What known_hosts files say of one host. Keys are in the wire format that ssh2 hands to its verifier. */
export interface KnownHost {
  readonly keys: readonly Buffer[];
  /** `@cert-authority`: whoever shows a certificate of one of these is that host. */
  readonly authorities: readonly Buffer[];
  /** `@revoked`: never, whatever else is said. */
  readonly revoked: readonly Buffer[];
}

/** known_hosts(5): plain and hashed names, patterns, [host]:port, markers. */
export function parseKnownHosts(text: string, name: string): KnownHost {
  const lines = text
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([first = '']) => first !== '' && !first.startsWith('#'))
    .map((words) => (words[0]?.startsWith('@') ? words : ['', ...words]))
    .filter(([, names = '']) => matchesNames(names, name));
  const keys = (marker: string) =>
    lines.filter(([first]) => first === marker).flatMap(([, , ...key]) => keysIn(key.join(' ')));
  return { keys: keys(''), authorities: keys('@cert-authority'), revoked: keys('@revoked') };
}

/** Every key in a text such as `ssh-ed25519 AAAA... comment`. */
export function keysIn(text: string): readonly Buffer[] {
  return (
    text
      .split(/[\s,]+/)
      .filter((word) => word.startsWith('AAAA'))
      .map((word) => Buffer.from(word, 'base64'))
      // Its length and at least something of its type: less is no key.
      .filter((key) => key.length > 4)
  );
}

/** `a,*.b,!c.b`: at least one pattern matches and none that is negated does. */
export function matchesNames(names: string, name: string): boolean {
  const patterns = names.split(',');
  const matches = (pattern: string) => matchesName(pattern, name);
  const isNegated = (pattern: string) => pattern.startsWith('!');
  return (
    patterns.filter((pattern) => !isNegated(pattern)).some(matches) &&
    !patterns.filter(isNegated).some((pattern) => matches(pattern.slice(1)))
  );
}

/** `|1|salt|HMAC-SHA1(salt, name)`, or a name with `*` and `?`. */
function matchesName(pattern: string, name: string): boolean {
  const [, version, salt, hash] = pattern.split('|');
  if (version !== '1' || !salt || !hash) return patternOf(pattern).test(name);
  const expected = createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest();
  const actual = Buffer.from(hash, 'base64');
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}

function patternOf(pattern: string): RegExp {
  const escaped = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${escaped}$`, 'i');
}

import { createHmac, timingSafeEqual } from 'node:crypto';

/** What known_hosts files say of one host. Keys are in the wire format that ssh2 hands to its verifier. */
export interface KnownHost {
  readonly keys: readonly Buffer[];
  /** `@cert-authority`: a certificate of one of these proves the host. */
  readonly authorities: readonly Buffer[];
  /** `@revoked`: never accepted, in spite of other lines. */
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
    lines
      .filter(([first]) => first === marker)
      .flatMap(([, , type = '', blob = '']) => readKey(blob, type) ?? []);
  return { keys: keys(''), authorities: keys('@cert-authority'), revoked: keys('@revoked') };
}

/** Every key in the text of DEPLOY_SSH_HOST_KEY, such as `ssh-ed25519 AAAA... comment`. */
export function keysIn(text: string): readonly Buffer[] {
  return text.split(/[\s,]+/).flatMap((word) => readKey(word) ?? []);
}

/** `undefined` unless the text is one whole key, of the type if one is named. */
function readKey(text: string, type?: string): Buffer | undefined {
  const key = Buffer.from(text, 'base64');
  const fields: string[] = [];
  let at = 0;
  while (at + 4 <= key.length) {
    const end = at + 4 + key.readUInt32BE(at);
    fields.push(key.toString('latin1', at + 4, end));
    at = end;
  }
  const isWhole = at === key.length && fields.length > 1;
  return isWhole && fields[0] === (type ?? fields[0]) ? key : undefined;
}

/** `a,*.b,!c.b`: at least one pattern matches and none that is negated does. A hashed name stands alone. */
export function matchesNames(names: string, name: string): boolean {
  if (names.startsWith('|')) return matchesHash(names, name);
  const patterns = names.split(',');
  const matches = (pattern: string) => patternOf(pattern).test(name);
  const isNegated = (pattern: string) => pattern.startsWith('!');
  return (
    patterns.filter((pattern) => !isNegated(pattern)).some(matches) &&
    !patterns.filter(isNegated).some((pattern) => matches(pattern.slice(1)))
  );
}

/** `|1|salt|HMAC-SHA1(salt, name)` */
function matchesHash(text: string, name: string): boolean {
  const [, version, salt, hash = ''] = text.split('|');
  if (version !== '1' || !salt || !/^[\w+/]+=*$/.test(hash)) return false;
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

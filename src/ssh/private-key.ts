import ssh2, { type ParsedKey } from 'ssh2';

/** undefined: not a key, or the passphrase is wrong. ssh2 takes the first of several keys in a file. */
export function parseKey(text: Buffer, passphrase?: string): ParsedKey | undefined {
  const parsed = ssh2.utils.parseKey(text, passphrase);
  return parsed instanceof Error ? undefined : parsed;
}

/** Whether only a passphrase is missing. ssh2 has one error for that and for a text that is not a key. */
export function needsPassphrase(text: Buffer): boolean {
  if (parseKey(text)) return false;
  const body = /^-----BEGIN OPENSSH PRIVATE KEY-----\r?\n([^-]+)-----END /.exec(text.toString('latin1'))?.[1];
  if (body === undefined) return /^Proc-Type: 4,ENCRYPTED/m.test(text.toString('latin1'));
  return OPENSSH_ENCRYPTED.test(Buffer.from(body, 'base64').toString('latin1'));
}

/** PROTOCOL.key of OpenSSH: its magic, then the cipher's name after four bytes of length. */
const OPENSSH_ENCRYPTED = /^openssh-key-v1\0[\s\S]{4}(?!none)/;

/** Describes a text that is not a private key, and what to do; shows nothing of the text. */
export function explainKey(text: Buffer): readonly [problem: string, hint: string] {
  const found = KINDS.find(([pattern]) => pattern.test(text.toString('latin1').trim()));
  return found ? [found[1], found[2]] : ['it holds no private key that can be read', FROM_FIRST_TO_LAST];
}

const FROM_FIRST_TO_LAST =
  'put in all of the private key, from its line -----BEGIN to its line -----END, as ssh-keygen wrote it';
const KINDS: readonly (readonly [pattern: RegExp, problem: string, hint: string])[] = [
  [/^$/, 'it is empty', FROM_FIRST_TO_LAST],
  [/^-----BEGIN [^-]+-----(?!\r?\n)/, 'its line breaks are lost', FROM_FIRST_TO_LAST],
  [
    /^-----BEGIN (ENCRYPTED )?PRIVATE KEY-----/,
    'it is in the PKCS#8 format',
    "rewrite it in OpenSSH's format: ssh-keygen -p -f <file>",
  ],
  [/^-----BEGIN (?![\s\S]*-----END )/, 'it is cut short', FROM_FIRST_TO_LAST],
  [/^(ssh-|ecdsa-|sk-|-----BEGIN .*PUBLIC KEY)/, 'it is a public key', 'use the private key next to it'],
  [/^LS0tLS1CRU/, 'it is in base64', 'decode it first: base64 -d'],
  [/^PuTTY-/, "it is in PuTTY's format", "export it in OpenSSH's format: puttygen <file> -O private-openssh"],
];

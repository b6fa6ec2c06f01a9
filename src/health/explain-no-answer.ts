/** `unasked`: that this machine could not ask says nothing of what it wanted to ask. */
export type Answer = { readonly kind: 'well' } | { readonly kind: 'ill' | 'unasked'; readonly why: string };

/** Node's codes for what this machine, and not the other, is to blame for. */
const HERE: Readonly<Record<string, string>> = {
  ENOTFOUND: 'this machine cannot resolve its name',
  EAI_AGAIN: "this machine's name server does not answer",
  ENETUNREACH: 'this machine has no network that leads there',
  EMFILE: 'this machine has too many files open',
};

const AUTHORITY = "its certificate's authority is not known here";
const MORE_AUTHORITIES = 'NODE_EXTRA_CA_CERTS names a file of those that are';
const UNKNOWN_AUTHORITY = `${AUTHORITY}: ${MORE_AUTHORITIES}`;
const BROKEN_CHAIN = `${AUTHORITY}, or it does not send the certificates in between: ${MORE_AUTHORITIES}`;
/** OpenSSL's words, which come with several codes. */
const NOT_TLS = /wrong version number|packet length too long/;
const NO_TLS = 'it speaks no TLS: is http:// meant, or another port';

const THERE: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'it hung up',
  ETIMEDOUT: 'it does not answer: a firewall, or another address, may be why',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet: look at the clocks of both machines',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by nobody but itself',
  SELF_SIGNED_CERT_IN_CHAIN: UNKNOWN_AUTHORITY,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: BROKEN_CHAIN,
  UNABLE_TO_GET_ISSUER_CERT: BROKEN_CHAIN,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: BROKEN_CHAIN,
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
};

export function explainNoAnswer(code: string, message: string): Answer {
  if (HERE[code]) return { kind: 'unasked', why: HERE[code] };
  if (NOT_TLS.test(message)) return { kind: 'ill', why: NO_TLS };
  return { kind: 'ill', why: THERE[code] ?? `no answer: ${message}` };
}

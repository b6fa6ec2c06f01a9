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
const NO_TLS = 'it speaks no TLS: is http:// meant, or another port';

const THERE: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'it hung up',
  UND_ERR_SOCKET: 'it hung up',
  UND_ERR_CONNECT_TIMEOUT: 'it does not answer: a firewall, or another address, may be why',
  ERR_SSL_WRONG_VERSION_NUMBER: NO_TLS,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: NO_TLS,
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
  return { kind: 'ill', why: THERE[code] ?? `no answer: ${message}` };
}

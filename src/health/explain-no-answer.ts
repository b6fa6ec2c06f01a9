/** `unasked`: that this machine could not ask says nothing of what it wanted to ask. */
export type Answer = { readonly kind: 'well' } | { readonly kind: 'ill' | 'unasked'; readonly why: string };

/** Node's codes for what this machine, and not the other, is to blame for. */
const HERE: Readonly<Record<string, string>> = {
  ENOTFOUND: 'this machine cannot resolve its name',
  EAI_AGAIN: "this machine's name server does not answer",
  ENETUNREACH: 'this machine has no network that leads there',
  EMFILE: 'this machine has too many files open',
};

const UNKNOWN_AUTHORITY =
  "its certificate's authority is not known here: NODE_EXTRA_CA_CERTS names a file of those that are";

const THERE: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'it hung up',
  UND_ERR_SOCKET: 'it hung up',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by nobody but itself',
  SELF_SIGNED_CERT_IN_CHAIN: UNKNOWN_AUTHORITY,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNKNOWN_AUTHORITY,
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
};

export function explainNoAnswer(code: string, message: string): Answer {
  if (HERE[code]) return { kind: 'unasked', why: HERE[code] };
  return { kind: 'ill', why: THERE[code] ?? `no answer: ${message}` };
}

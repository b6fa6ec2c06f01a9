/** `host[:port]` and a path without `@`: what is left in doubt could be a part of a login. */
const PLACE = /^(\[[\da-f:]+\]|[\w.-]+)(:\d+)?\/+([^@?#:\s]+)$/i;

/**
 * Where a remote is, as one URL, however this clone writes it: `git@host:a/b.git` and `https://host/a/b` are one. No
 * user, password or query is in it; a folder of this machine, and what cannot be read for certain, is no source.
 */
export function describeSource(remote: string): string {
  const [plain = ''] = remote.trim().split(/[?#]/, 1);
  const [, scheme, rest] = /^(https?|ssh|git):\/\/(.+)$/i.exec(plain) ?? [];
  // As scp has it: a path after the first colon.
  const [, host, path] = /^([^/:]+(?::[^/@]*@[^/:]+)*):(?!\/\/)\/?(.+)$/.exec(plain) ?? [];
  const address = rest ?? (host && path ? `${host}/${path}` : '');
  const [, name = '', port = '', way = ''] = PLACE.exec(address.replace(/^[^/]*@/, '')) ?? [];
  if (name === '') return '';
  const isWeb = scheme?.toLowerCase().startsWith('http') ?? false;
  return `${isWeb ? scheme?.toLowerCase() : 'https'}://${name}${isWeb ? port : ''}/${way.replace(/\/+$/, '').replace(/\.git$/, '')}`;
}

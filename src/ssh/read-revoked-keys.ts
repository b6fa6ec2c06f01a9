import { DeployError } from '../shared/errors.ts';
import { readBytes, type UnreadableFile } from '../shared/read-file.ts';
import type { Endpoint } from './endpoint.ts';
import { keysIn } from './known-hosts.ts';

/** PROTOCOL.krl of OpenSSH. */
const KRL = 'SSHKRL\n\0';

/**
 * The keys of ssh_config's RevokedHostKeys. As with ssh, nobody is trusted when it cannot be read: a key that somebody
 * has stolen would pass.
 */
export async function readRevokedKeys({ name, revokedKeysFile: file }: Endpoint): Promise<readonly Buffer[]> {
  if (file === undefined) return [];
  const bytes = await readBytes(file).catch((error: UnreadableFile) => {
    throw unreadable(name, `${file} ${error.problem}`);
  });
  if (bytes === undefined) throw unreadable(name, `there is no file ${file}`);
  const text = bytes.toString('latin1');
  if (text.startsWith(KRL)) throw unreadable(name, `${file} is a KRL, which Waggle does not read`);
  return keysIn(text);
}

const unreadable = (name: string, why: string) =>
  new DeployError('CONFIG_INVALID', `cannot read the RevokedHostKeys of ${name}: ${why}`, {
    hint: 'let it be a text of public keys, a line each, or mark them @revoked in known_hosts instead',
  });

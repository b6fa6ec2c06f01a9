import type { AddressInfo } from 'node:net';
import ssh2, { type Connection, type ServerChannel } from 'ssh2';

export interface FakeSshServer extends Disposable {
  readonly port: number;
  /** Its public host key, as known_hosts writes it. */
  readonly hostKey: string;
  /** How many connections were opened. */
  readonly connections: number;
}

/** A real SSH server in this process; `onExec` gets each command's channel, its connection and the script sent to it. */
export async function fakeSshServer(
  onExec: (channel: ServerChannel, connection: Connection, script: string) => void,
): Promise<FakeSshServer> {
  const key = ssh2.utils.generateKeyPairSync('ed25519');
  let connections = 0;
  const server = new ssh2.Server({ hostKeys: [key.private] }, (connection) => {
    connections++;
    connection.on('error', () => {});
    connection.on('authentication', (context) => context.accept());
    connection.on('session', (accept) => {
      accept().on('exec', (acceptExec) => {
        const channel = acceptExec();
        let script = '';
        channel.on('data', (chunk: Buffer) => {
          script += chunk;
        });
        channel.on('end', () => onExec(channel, connection, script));
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    hostKey: key.public,
    get connections() {
      return connections;
    },
    [Symbol.dispose]: () => void server.close(),
  };
}

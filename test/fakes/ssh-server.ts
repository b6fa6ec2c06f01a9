import type { AddressInfo } from 'node:net';
import ssh2, { type AuthContext, type Connection, type ServerChannel } from 'ssh2';

export interface FakeSshServer extends Disposable {
  readonly port: number;
  /** Its public host key, as known_hosts writes it. */
  readonly hostKey: string;
  /** How many connections were opened. */
  readonly connections: number;
  /** How often it was asked to lead to another host, which it never gets to and never says so. */
  readonly forwards: number;
  /** Takes no more connections. */
  stop(): void;
}

/** A script as it comes over the wire: a mark in two halves, printed twice, and what a shell does after that. */
const MARKED = /^\nprintf %s%s (\S+) (\S+)\nprintf .*\n\{\nfor name .*\n([\s\S]*)\n\} <\/dev\/null\nexit\n$/;

/** A real SSH server in this process; `onExec` gets each command's channel, its connection and the script sent to it. */
export async function fakeSshServer(
  onExec: (channel: ServerChannel, connection: Connection, script: string) => void,
  maxSessions = 10,
  /** Gets the path of each Unix socket that is to be forwarded to, and may say whether it is: if so, it gets the stream. */
  onForward: (
    path: string,
    connection: Connection,
    answer: (isOpen: boolean) => ServerChannel | undefined,
  ) => void = () => {},
  authenticate: (context: AuthContext) => void = (context) => context.accept(),
): Promise<FakeSshServer> {
  const key = makeKey();
  let connections = 0;
  let forwards = 0;
  const server = new ssh2.Server({ hostKeys: [key.private] }, (connection) => {
    connections++;
    connection.on('error', () => {});
    connection.on('authentication', authenticate);
    connection.on('openssh.streamlocal', (accept, reject, { socketPath }) =>
      onForward(socketPath, connection, (isOpen) => {
        if (!isOpen) reject();
        return isOpen ? (accept() as ServerChannel) : undefined;
      }),
    );
    connection.on('tcpip', () => forwards++);
    let sessions = 0;
    connection.on('session', (accept, reject) => {
      if (sessions === maxSessions) return void reject();
      sessions++;
      const session = accept();
      session.on('close', () => sessions--);
      session.on('exec', (acceptExec) => {
        const channel = acceptExec();
        let script = '';
        channel.on('data', (chunk: Buffer) => {
          script += chunk;
          const [, half = '', rest = '', body] = MARKED.exec(script) ?? [];
          if (body === undefined) return;
          for (const stream of [channel, channel.stderr]) stream.write(half + rest);
          onExec(channel, connection, body);
        });
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
    get forwards() {
      return forwards;
    },
    stop: () => void server.close(),
    [Symbol.dispose]: () => void server.close(),
  };
}

/** ssh2 now and then writes an ed25519 key that it cannot read itself. */
export function makeKey(): { private: string; public: string } {
  for (;;) {
    const key = ssh2.utils.generateKeyPairSync('ed25519');
    if (!(ssh2.utils.parseKey(key.private) instanceof Error)) return key;
  }
}

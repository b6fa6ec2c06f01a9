import { randomUUID } from 'node:crypto';
import type { Lab } from '../../src/lab/topology.ts';

const PORT = '2210';

/** Carries so many bytes a second to the manager, and everything back at once. */
const RELAY = `
import { connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
const [port, host, rate] = process.argv.slice(2);
const PIECE = 512;
createServer({ allowHalfOpen: true, noDelay: true }, async (client) => {
  console.log('one');
  const server = connect({ host, port: 22, allowHalfOpen: true, noDelay: true });
  for (const socket of [client, server])
    socket.on('error', () => { client.destroy(); server.destroy(); });
  server.pipe(client);
  let due = performance.now();
  try {
    for await (const chunk of client)
      for (let at = 0; at < chunk.length; at += PIECE) {
        const piece = chunk.subarray(at, at + PIECE);
        due = Math.max(due, performance.now() - 100) + (piece.length / rate) * 1000;
        if (due > performance.now()) await sleep(due - performance.now());
        server.write(piece);
      }
    server.end();
  } catch {
    server.destroy();
  }
}).listen(port);
`;

export interface SlowWire extends AsyncDisposable {
  /** Settings for a deploy through it. */
  readonly env: Readonly<Record<string, string>>;
  /** How many connections were opened through it. */
  connections(): number;
}

/** A line to m1 on which uploads are slow. Disposing of it closes it. */
export async function slowWire({ bastion, managers: [m1] }: Lab, bytesPerSecond: number): Promise<SlowWire> {
  const script = `/run/slow-wire-${randomUUID()}.mjs`;
  await bastion.writeFile(script, RELAY);
  let said = '';
  const onOutput = (text: string) => (said += text);
  const relay = bastion.start(['node', script, PORT, m1.name, String(bytesPerSecond)], { onOutput });
  const key = await m1.run(['cat', '/etc/ssh/ssh_host_ed25519_key.pub']);
  return {
    env: { DEPLOY_MANAGER_SSH_PORT: PORT, DEPLOY_SSH_HOST_KEY: key.trim() },
    connections: () => said.split('one').length - 1,
    async [Symbol.asyncDispose]() {
      await relay.kill('SIGKILL');
      await relay.output;
    },
  };
}

import { type AddressInfo, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import type { Address } from '../../app/src/redis.ts';
import { parseReply } from '../../app/src/resp.ts';

/** Raw bytes to answer with, or undefined to stay silent. */
export type Answer = (words: readonly string[]) => string | undefined;

export interface FakeRedis {
  readonly address: Address;
  readonly env: Readonly<Record<string, string>>;
  readonly commands: string[];
  dropConnections(): void;
}

/** Speaks to one command at a time: a client of ours never sends two at once. */
export async function fakeRedis(answer: Answer, port = 0): Promise<FakeRedis> {
  const commands: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}));
    socket.on('data', (data) => {
      const words = parseReply(data)?.reply as string[];
      commands.push(words.join(' '));
      const bytes = answer(words);
      if (bytes !== undefined) socket.write(bytes);
    });
  });
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
  const dropConnections = () => {
    for (const socket of sockets) socket.destroy();
  };
  onTestFinished(() => {
    server.close();
    dropConnections();
  });
  const address = { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
  const env = { REDIS_HOST: address.host, REDIS_PORT: String(address.port) };
  return { address, env, commands, dropConnections };
}

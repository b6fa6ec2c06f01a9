import { connect } from 'node:net';

/** Sends commands on a connection of their own and gives everything that Redis answered to them. */
export function askRedis(
  { host, port }: { host: string; port: number },
  commands: readonly (readonly string[])[],
  timeoutMs: number,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, host);
    let answer = '';
    socket.setTimeout(timeoutMs, () => socket.destroy(new Error(`redis gave no answer in ${timeoutMs} ms`)));
    socket.on('connect', () => socket.write([...commands, ['QUIT']].map(encodeCommand).join('')));
    socket.on('data', (chunk) => (answer += chunk));
    socket.on('error', reject);
    socket.on('close', () => resolve(answer));
  });
}

/** RESP: an array of bulk strings, each with its length in bytes. */
export function encodeCommand(words: readonly string[]): string {
  const bulk = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
  return `*${words.length}\r\n${bulk.join('')}`;
}

export async function redisIsUp(address: { host: string; port: number }): Promise<boolean> {
  return askRedis(address, [['PING']], 500).then(
    (answer) => answer.startsWith('+PONG'),
    () => false,
  );
}

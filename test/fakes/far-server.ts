import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { onTestFinished } from 'vitest';

/** Listens with the shortest queue, and takes nobody from it before a line comes. */
const SERVER = `
const server = require('node:net').createServer((socket) => socket.end('HTTP/1.1 200 OK\\r\\ncontent-length: 0\\r\\n\\r\\n'));
server.listen(0, '127.0.0.1', 1, () => require('node:fs').writeSync(1, server.address().port + '\\n'));
`;

/**
 * A server that is about a second away: its queue of connections is full for a moment, so the kernel drops the first
 * packet of the next one, and only the second try connects. Returns its port.
 */
export async function listenFarAway(): Promise<number> {
  const server = spawn('node', ['-e', SERVER]);
  onTestFinished(() => void server.kill('SIGKILL'));
  const [line] = await once(server.stdout, 'data');
  const port = Number(String(line));
  server.kill('SIGSTOP');
  for (let filling = 0; filling < 3; filling++) {
    const socket = connect(port, '127.0.0.1').on('error', () => {});
    onTestFinished(() => void socket.destroy());
    if (filling < 2) await once(socket, 'connect');
  }
  setTimeout(() => server.kill('SIGCONT'), 600);
  return port;
}

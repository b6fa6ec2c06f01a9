// The bastion's TCP relay. SIGHUP reads the delay (ms, one way) from /run/relay-delay; SIGUSR2 drops SSH in flight.
import { readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';

const MANAGERS = ['m1', 'm2', 'm3'];
let delay = 0;
const ssh = new Set();

for (const [index, manager] of MANAGERS.entries()) listen(2201 + index, [manager], 22, ssh);
// Whichever manager runs a task of the service answers on its host port.
for (const [port, target] of [
  [8080, 80],
  [8081, 3000],
])
  listen(port, MANAGERS, target, new Set());

process.on('SIGHUP', () => {
  delay = Number(readFileSync('/run/relay-delay', 'utf8'));
});
process.on('SIGUSR2', () => {
  for (const socket of ssh) socket.destroy();
});

function listen(port, hosts, target, open) {
  createServer((client) => forward(client, hosts, target, open)).listen(port);
}

function forward(client, [host, ...others], target, open) {
  const server = connect(target, host);
  server.once('error', () =>
    others.length > 0 && !server.bytesRead ? forward(client, others, target, open) : client.destroy(),
  );
  server.once('connect', () => {
    for (const [from, to] of [
      [client, server],
      [server, client],
    ]) {
      open.add(from);
      from.on('data', (chunk) => (delay ? setTimeout(() => to.write(chunk), delay) : to.write(chunk)));
      from.on('end', () => setTimeout(() => to.end(), delay));
      from.on('close', () => {
        open.delete(from);
        to.destroy();
      });
      from.on('error', () => to.destroy());
    }
  });
}

// The bastion's TCP relay. Like a wire, it holds nothing back for more to come.
// SIGHUP reads the delay (ms, one way) from /run/relay-delay; SIGUSR2 drops SSH in flight.
// While /run/relay-closed is there, no new SSH connection is taken.
// /run/relay-stats: SSH connections that have ended, and how often a client spoke after it had been answered.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const MANAGERS = ['m1', 'm2', 'm3'];
/** A manager that is cut off must not keep the next from being asked. */
const CONNECT_MS = 1000;
let delay = 0;
const stats = { connections: 0, roundTrips: 0 };
const ssh = new Set();
const writeStats = () => writeFileSync('/run/relay-stats', JSON.stringify(stats));

writeStats();
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
  // Half open: one side may have said all while the other still speaks.
  createServer({ allowHalfOpen: true, noDelay: true }, async (client) => {
    client.on('error', () => client.destroy());
    if (open === ssh && existsSync('/run/relay-closed')) return client.destroy();
    const server = await reach(hosts, target);
    if (!server) return client.destroy();
    for (const socket of [client, server]) {
      open.add(socket);
      socket.on('close', () => open.delete(socket));
    }
    if (open === ssh) count(client, server);
    pass(client, server);
    pass(server, client);
  }).listen(port);
}

/** What is said at once, on however many channels, is one round trip. */
function count(client, server) {
  let isAnswered = true;
  server.on('data', () => {
    isAnswered = true;
  });
  client.on('data', () => {
    if (isAnswered) stats.roundTrips++;
    isAnswered = false;
  });
  client.on('close', () => {
    stats.connections++;
    writeStats();
  });
}

/** The first host that answers; the last one may take as long as it likes. */
async function reach(hosts, port) {
  for (const [index, host] of hosts.entries()) {
    const isLast = index === hosts.length - 1;
    const socket = await new Promise((resolve) => {
      const trying = connect({ host, port, allowHalfOpen: true, noDelay: true });
      const giveUp = () => {
        trying.destroy();
        resolve(undefined);
      };
      const timer = isLast ? undefined : setTimeout(giveUp, CONNECT_MS);
      trying.on('error', giveUp);
      trying.once('connect', () => {
        clearTimeout(timer);
        resolve(trying);
      });
    });
    if (socket) return socket;
  }
  return undefined;
}

/** Everything in its order, each part after the delay; an end is the last part, an abrupt end cuts it short. */
function pass(from, to) {
  let last = Promise.resolve();
  const later = (act) => {
    const due = delay ? sleep(delay) : undefined;
    last = last.then(() => due).then(act);
  };
  from.on('data', (chunk) => later(() => to.write(chunk)));
  from.on('end', () => later(() => to.end()));
  from.on('error', () => from.destroy());
  from.on('close', () => {
    if (!from.readableEnded) to.destroy();
  });
}

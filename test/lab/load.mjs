// A small health-aware proxy in front of the reference API, and a client that never stops asking it. Both run on the
// bastion, until SIGTERM; then the counts go to stdout as JSON.
import { Agent, createServer, get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const BACKENDS = ['m1', 'm2', 'm3'];
const PORT = 80;
const CHECK_MS = 250;
const PAUSE_MS = 20;
const TIMEOUT_MS = 20_000;
const healthy = new Set();
const counts = { requests: 0, failed: 0, retried: 0, versions: {} };
const agent = new Agent({ keepAlive: true });
let turn = 0;

function ask(host, port, path) {
  return new Promise((resolve, reject) => {
    const request = get({ host, port, path, agent, timeout: TIMEOUT_MS }, (response) => {
      let body = '';
      response.on('data', (chunk) => (body += chunk));
      response.on('end', () => resolve({ status: response.statusCode, body }));
      response.on('error', reject);
    });
    request.on('timeout', () => request.destroy(new Error('no answer in time')));
    request.on('error', reject);
  });
}

async function check(host) {
  for (;;) {
    const isWell = await ask(host, PORT, '/live').then(
      ({ status }) => status === 200,
      () => false,
    );
    if (isWell) healthy.add(host);
    else healthy.delete(host);
    await sleep(CHECK_MS);
  }
}

// As every proxy does: a backend that does not answer is left out, and a GET is asked of the next one.
const proxy = createServer(async (request, response) => {
  for (const _ of BACKENDS) {
    const hosts = BACKENDS.filter((host) => healthy.has(host));
    const host = hosts[turn++ % hosts.length];
    if (!host) break;
    const answer = await ask(host, PORT, request.url).catch(() => healthy.delete(host) && undefined);
    if (answer) return response.writeHead(answer.status).end(answer.body);
    counts.retried++;
  }
  response.writeHead(502).end();
});

for (const host of BACKENDS) void check(host);
while (healthy.size < BACKENDS.length) await sleep(CHECK_MS);
await new Promise((listening) => proxy.listen(0, '127.0.0.1', listening));
process.once('SIGTERM', () => {
  process.stdout.write(`${JSON.stringify(counts)}\n`);
  process.exit(0);
});
process.stderr.write('asking\n');
for (;;) {
  counts.requests++;
  const answer = await ask('127.0.0.1', proxy.address().port, '/').catch(() => undefined);
  if (answer?.status !== 200) counts.failed++;
  else {
    const { version } = JSON.parse(answer.body);
    counts.versions[version] = (counts.versions[version] ?? 0) + 1;
  }
  await sleep(PAUSE_MS);
}

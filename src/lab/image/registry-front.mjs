// TLS in front of the registry. The file /run/registry-fault says how to fail: `errors` (500), `busy` (429),
// `refuse` (401) or `hang-up` (no answer to a question after a layer, as a push begins with); and for how many
// requests, `busy 2`, or else until it is gone.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:https';
import { pipeline } from 'node:stream';

const FAULT_FILE = '/run/registry-fault';
const tls = { key: readFileSync('/lab/tls/tls.key'), cert: readFileSync('/lab/tls/tls.crt') };

// Kept connections stay for long: one that is closed just as it is used again fails a push.
createServer({ ...tls, keepAliveTimeout: 600_000 }, (incoming, outgoing) => {
  const fault = nextFault(incoming);
  if (fault) return fail(fault, incoming, outgoing);
  forward(incoming, outgoing);
}).listen(5000);

const RETRIES = 3;
const PAUSE_MS = 200;

/** What the registry behind hangs up on, as it does when the machine is busy, is asked once more if it is a question only. */
function forward(incoming, outgoing, retries = RETRIES) {
  const { method, url, headers } = incoming;
  const isQuestion = method === 'GET' || method === 'HEAD';
  // A connection for each request: a kept one may be closed by the registry just as it is used.
  const forwarded = request({ agent: false, port: 5001, method, path: url, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode, answer.headers);
    pipeline(answer, outgoing, () => {});
  });
  forwarded.on('error', (error) => {
    console.error(method, url, error.code, outgoing.headersSent ? 'after the answer' : 'without an answer');
    // Once it is answered the connection may be in use for the next request.
    if (outgoing.headersSent) return;
    if (isQuestion && retries > 0) setTimeout(() => forward(incoming, outgoing, retries - 1), PAUSE_MS);
    else outgoing.destroy();
  });
  if (isQuestion) forwarded.end();
  else incoming.pipe(forwarded);
}

function nextFault({ method, url }) {
  if (!existsSync(FAULT_FILE)) return '';
  const [fault, times] = readFileSync(FAULT_FILE, 'utf8').trim().split(' ');
  if (fault === 'hang-up' && !(method === 'HEAD' && url.includes('/blobs/'))) return '';
  if (times === '1') rmSync(FAULT_FILE);
  else if (times) writeFileSync(FAULT_FILE, `${fault} ${times - 1}`);
  return fault;
}

function fail(fault, incoming, outgoing) {
  if (fault === 'hang-up') return incoming.destroy();
  incoming.resume();
  if (fault === 'errors') return outgoing.writeHead(500).end();
  if (fault === 'busy') return outgoing.writeHead(429).end();
  outgoing
    .writeHead(401, { 'www-authenticate': 'Basic realm="lab"' })
    .end('{"errors":[{"code":"UNAUTHORIZED"}]}');
}

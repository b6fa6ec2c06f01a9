// TLS in front of the registry. The file /run/registry-fault says how to fail: `errors` (500) or `refuse` (401).
import { existsSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:https';

const FAULT_FILE = '/run/registry-fault';
const tls = { key: readFileSync('/lab/tls/tls.key'), cert: readFileSync('/lab/tls/tls.crt') };

createServer(tls, (incoming, outgoing) => {
  const fault = existsSync(FAULT_FILE) ? readFileSync(FAULT_FILE, 'utf8').trim() : '';
  if (fault) return fail(fault, incoming, outgoing);
  const { method, url, headers } = incoming;
  // A connection for each request: a kept one may be closed by the registry just as it is used.
  const forwarded = request({ agent: false, port: 5001, method, path: url, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode, answer.headers);
    answer.pipe(outgoing);
  });
  forwarded.on('error', () => outgoing.destroy());
  incoming.pipe(forwarded);
}).listen(5000);

function fail(fault, incoming, outgoing) {
  incoming.resume();
  if (fault === 'errors') return outgoing.writeHead(500).end();
  outgoing
    .writeHead(401, { 'www-authenticate': 'Basic realm="lab"' })
    .end('{"errors":[{"code":"UNAUTHORIZED"}]}');
}

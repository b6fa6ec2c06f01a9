import { version } from './environment.ts';
import { requireSecrets } from './secrets.ts';
import { sendJson, serve } from './serve.ts';
import { endOnSignal } from './shutdown.ts';

const PAGE = `<!doctype html>
<html lang="en"><title>shop admin</title><h1>shop admin</h1><p>version ${version}</p></html>
`;

requireSecrets('secret_key');

const server = serve('admin', Number(process.env.PORT || 3000), {
  '/': (response) => response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(PAGE),
  '/api/health': (response) => sendJson(response, 200, { status: 'ok', service: 'admin', version }),
});
endOnSignal(server);

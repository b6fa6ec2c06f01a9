import { version } from './environment.ts';
import { requireSecrets } from './secrets.ts';
import { sendJson, serve } from './serve.ts';

requireSecrets('secret_key');

serve(Number(process.env.PORT ?? 3000), {
  '/api/health': (response) => sendJson(response, 200, { status: 'ok', service: 'admin', version }),
  '/': (response) => {
    const page = `<!doctype html><html lang="en"><title>shop admin</title><h1>shop admin</h1><p>version ${version}</p></html>`;
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page);
  },
});

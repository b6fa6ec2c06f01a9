import { createServer, type Server, type ServerResponse } from 'node:http';

export type Handler = (response: ServerResponse) => void;

/** Serves exact paths; ends cleanly on SIGTERM, also as process 1, which no signal ends by itself. */
export function serve(port: number, routes: Readonly<Record<string, Handler>>): Server {
  const server = createServer((request, response) => {
    const path = request.url?.split('?')[0] ?? '/';
    const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
    if (route) route(response);
    else sendJson(response, 404, { error: 'not found' });
  });
  server.listen(port);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => drain(server));
  return server;
}

/** Requests under way are answered, new connections are refused, idle ones are closed. */
function drain(server: Server): void {
  server.close(() => process.exit(0));
  server.closeIdleConnections();
}

export function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(body)}\n`);
}

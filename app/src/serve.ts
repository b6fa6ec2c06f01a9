import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { version } from './environment.ts';

export type Handler = (response: ServerResponse) => void;

/** Serves exact paths. */
export function serve(service: string, port: number, routes: Readonly<Record<string, Handler>>): Server {
  const server = createServer((request, response) => {
    const path = request.url?.split('?')[0] ?? '/';
    const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
    if (route) route(response);
    else sendJson(response, 404, { error: 'not found' });
  });
  return server.listen(port, () => {
    // With PORT=0 the system chooses the port, so what was asked for does not tell it.
    const { port: actual } = server.address() as AddressInfo;
    process.stdout.write(`${service} ${version} listening on port ${actual}\n`);
  });
}

export function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(body)}\n`);
}

import type Docker from 'dockerode';

type ModemRequest = Parameters<Docker['modem']['dial']>[0];

/** dockerode's form for a request with a query. */
export function withQuery(query: object, body: object = {}): never {
  return { _query: query, _body: body } as never;
}

/**
 * docker-modem copies the body of many requests into their URL, where engines log it. Here the body of a POST stays a
 * body, whatever form the call has.
 */
export function keepBodiesOutOfUrls(docker: Docker): void {
  const { modem } = docker;
  const dial = modem.dial.bind(modem);
  modem.dial = (request, done) => dial(withBodyApart(request), done);
}

function withBodyApart(request: ModemRequest): ModemRequest {
  const { method, options } = request;
  if (method !== 'POST' || !options || '_query' in options) return request;
  return { ...request, options: withQuery({}, options) };
}

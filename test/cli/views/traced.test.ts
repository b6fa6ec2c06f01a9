import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { openView } from '../../../src/cli/views/open-view.ts';
import { DeployError } from '../../../src/shared/errors.ts';

interface Sent {
  readonly name: string;
  readonly parentSpanId?: string;
  readonly status: { readonly code?: number };
  readonly attributes: readonly { readonly key: string }[];
}

let close = () => {};
afterEach(() => {
  close();
  delete process.env.OTEL_EXPORTER_OTLP_ENDPOINT;
});

/** A collector; what it was sent, once it was. */
async function collect(status = 200): Promise<{ url: string; sent: Sent[] }> {
  const sent: Sent[] = [];
  const server = createServer((incoming, outgoing) => {
    let text = '';
    incoming.on('data', (chunk) => (text += chunk));
    incoming.on('end', () => {
      for (const { scopeSpans } of JSON.parse(text).resourceSpans)
        for (const { spans } of scopeSpans) sent.push(...spans);
      outgoing.writeHead(status, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  close = () => void server.close();
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, sent };
}

async function run(endpoint: string, failure?: unknown): Promise<string> {
  // The exporter reads it from the process.
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = endpoint;
  let text = '';
  const stream = { write: (line: string) => (text += line) } as unknown as NodeJS.WritableStream;
  const output = { stream, isTerminal: false, colour: false };
  const view = await openView({ isJson: false, command: 'deploy' }, output, {
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
  });
  view.info({ step: 'a step', state: 'started' }, 'a step');
  view.info('a detail');
  view.info({ step: 'a step', state: failure ? 'failed' : 'done', ms: 5 }, 'a step');
  view.info({ release: 'r42', id: 'v1', changed: true, digests: {}, url: '', summary: '' }, 'it runs');
  await view.end(failure);
  return text;
}

test('a run is a trace: a span for each step, within one for all', async () => {
  const { url, sent } = await collect();
  expect(await run(url)).toContain('  a detail\n');
  expect(sent.map(({ name }) => name)).toEqual(['a step', 'waggle deploy']);
  const [step, root] = sent;
  expect(step?.parentSpanId).toBeDefined();
  expect(root?.parentSpanId).toBeUndefined();
  expect(root?.attributes).toContainEqual({ key: 'waggle.release', value: { stringValue: 'r42' } });
});

test('what failed is marked, with its code', async () => {
  const { url, sent } = await collect();
  await run(url, new DeployError('UNHEALTHY', 'hunter2'));
  expect(sent.map(({ status }) => status.code)).toEqual([2, 2]);
  expect(sent[1]?.attributes).toContainEqual({ key: 'error.type', value: { stringValue: 'UNHEALTHY' } });
  expect(JSON.stringify(sent)).not.toContain('hunter2');
});

test.each([
  ['refuses', async () => (await collect(400)).url],
  ['is not there', async () => 'http://127.0.0.1:9'],
])('a collector that %s fails nothing', async (_what, endpoint) => {
  expect(await run(await endpoint())).toContain('  it runs\n');
});

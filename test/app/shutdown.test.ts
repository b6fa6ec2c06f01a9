import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import type { Program } from './build-app.ts';
import { fakeRedis } from './fake-redis.ts';
import { App } from './run-app.ts';

/** By itself: whatever it waited for would be a test that never ends. */
async function expectEnd(app: App, signal: NodeJS.Signals): Promise<void> {
  app.signal(signal);
  expect(await app.ended).toBe(0);
}

const programs: Program[] = ['api', 'worker', 'admin'];
test.each(
  programs.flatMap((program) => (['SIGTERM', 'SIGINT'] as const).map((name) => [program, name] as const)),
)('%s ends with 0 on %s', async (program, signal) => {
  const app = new App(program);
  // An idle keep-alive connection, as a load balancer holds it.
  await fetch(await app.url('/')).then((response) => response.text());
  await expectEnd(app, signal);
});

test('the worker ends while it waits for a job', async () => {
  const redis = await fakeRedis(() => undefined);
  const app = new App('worker', redis.env);
  await app.url('/');
  await expect.poll(() => redis.commands).toContain('BLPOP jobs 5');
  await expectEnd(app, 'SIGTERM');
  expect(app.output).not.toContain('redis is away');
});

test('a request under way is answered', async () => {
  const silent = await fakeRedis(() => undefined);
  const app = new App('api', silent.env);
  const answer = app.get('/health');
  await expect.poll(() => silent.commands).toContain('PING');
  app.signal('SIGTERM');
  expect(await answer).toMatchObject({ code: 200, body: { redis: 'down' } });
  expect(await app.ended).toBe(0);
});

test('a client that never finishes its request holds nothing up for ever', async () => {
  const app = new App('api');
  const socket = connect(Number(new URL(await app.url('/')).port), '127.0.0.1').on('error', () => {});
  await once(socket, 'connect');
  socket.write('GET /health HTTP/1.1\r\n');
  await app.get('/live');
  await expectEnd(app, 'SIGTERM');
});

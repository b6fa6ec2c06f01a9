import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { dockerOver, type SocketOptions } from '../../src/swarm/docker-over-ssh.ts';

let server: Server;
let streams: Socket[] = [];
let options: (SocketOptions | undefined)[] = [];
beforeAll(async () => {
  server = createServer((_request, answer) => answer.end('OK')).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => server.close());

function open() {
  streams = [];
  options = [];
  return dockerOver({
    openSocket: async (_path, given) => {
      options.push(given);
      const stream = connect((server.address() as AddressInfo).port, '127.0.0.1');
      streams.push(stream);
      await once(stream, 'connect');
      return stream;
    },
    leave: () => {},
  });
}

test('streams for the questions that come at once are open before they come, and are no more than those', async () => {
  const { docker, close } = open();
  await docker.ping();
  expect(streams).toHaveLength(14);
  await Promise.all(Array.from({ length: 13 }, () => docker.ping()));
  expect(streams).toHaveLength(14);
  close();
  for (const stream of streams) stream.destroy();
});

test('what is urgent has a stream of its own, which is open before it is needed', async () => {
  const { docker, urgent, close } = open();
  await docker.ping();
  await docker.ping();
  await urgent.ping();
  await urgent.ping();
  expect(options.filter((option) => option?.isUrgent)).toHaveLength(1);
  close();
  for (const stream of streams) stream.destroy();
});

test('one that has gone meanwhile is not used', async () => {
  const { docker, close } = open();
  await docker.ping();
  for (const stream of streams) stream.destroy();
  await Promise.all(Array.from({ length: 13 }, () => docker.ping()));
  expect(streams.length).toBeGreaterThan(13);
  close();
  for (const stream of streams) stream.destroy();
});

test.each([
  { DOCKER_HOST: 'tcp://127.0.0.1:1' },
  { DOCKER_HOST: 'tcp://127.0.0.1:2376', DOCKER_TLS_VERIFY: '1' },
  { DOCKER_HOST: 'unix:///nowhere/docker.sock' },
  { DOCKER_HOST: 'ssh://somebody@nowhere.invalid' },
])('the environment of this machine does not say which Docker is asked: %o', async (environment) => {
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  const { docker, close } = open();
  vi.unstubAllEnvs();
  const asked = once(server, 'request');
  expect(String(await docker.ping())).toBe('OK');
  expect((await asked)[0].url).toBe('/_ping');
  close();
  for (const stream of streams) stream.destroy();
});

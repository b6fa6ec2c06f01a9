import { createServer, type RequestListener } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { ConnectionLost } from '../../src/shared/errors.ts';
import { Secret } from '../../src/shared/secret.ts';
import { localShell } from '../../src/shared/shell.ts';
import { SshSession } from '../../src/ssh/session.ts';
import { ask } from '../../src/swarm/ask.ts';
import { dockerOver } from '../../src/swarm/docker-over-ssh.ts';
import { type FakeSshServer, fakeSshServer, makeKey } from '../fakes/ssh-server.ts';

const SILENCE = { silentMs: 300, graceMs: 100 };
const silent: RequestListener = () => {};
const well: RequestListener = (_request, answer) => answer.end('OK');

/** A real SSH server whose Docker socket leads to a real HTTP server; `delays` are those of each new stream. */
async function manager(listener: RequestListener, delays: readonly number[] = []): Promise<FakeSshServer> {
  const docker = createServer(listener);
  let opened = 0;
  const server = await fakeSshServer(
    () => {},
    10,
    (_path, _connection, answer) =>
      void sleep(delays[opened++] ?? 0).then(() => {
        const stream = Object.assign(answer(true) as object, { setTimeout: () => {}, setNoDelay: () => {} });
        docker.emit('connection', stream as unknown as Socket);
      }),
  );
  onTestFinished(() => server[Symbol.dispose]());
  return server;
}

function dockerOf(...servers: readonly FakeSshServer[]) {
  const warn = vi.fn();
  const managers = servers.map(({ port }) => ({ name: '127.0.0.1', user: 'deploy', port }));
  const hostKey = servers.map((server) => server.hostKey).join(' ');
  const key = { text: new Secret(makeKey().private) };
  const session = new SshSession(
    { managers, key, hostKey, ask: async () => undefined, warn },
    (argv, options) => localShell(['ssh', '-F', '/dev/null', ...argv.slice(1)], options),
  );
  const { docker, close } = dockerOver(session, SILENCE);
  onTestFinished(async () => {
    close();
    await session[Symbol.asyncDispose]();
  });
  const ping = () => ask('answer', async () => String(await docker.ping()));
  return { docker, ping, warn };
}

test('the next manager answers what the Docker of the first has been asked', async () => {
  const [first, second] = [await manager(silent), await manager(well)];
  const { ping, warn } = dockerOf(first, second);
  expect(await Promise.all([ping(), ping(), ping()])).toEqual(['OK', 'OK', 'OK']);
  expect(warn.mock.calls).toEqual([['127.0.0.1: Docker has stopped answering: the next manager takes over']]);
  expect([first.connections, second.connections]).toEqual([1, 1]);
});

test('the first manager answers again once the Docker of the second is silent', async () => {
  let isSilent = true;
  const [first, second] = [
    await manager((...given) => (isSilent ? silent : well)(...given)),
    await manager((...given) => (isSilent ? well : silent)(...given)),
  ];
  const { ping } = dockerOf(first, second);
  expect(await ping()).toBe('OK');
  isSilent = false;
  expect(await ping()).toBe('OK');
  expect([first.connections, second.connections]).toEqual([2, 1]);
});

test('where there is no other manager, the request fails, and is not repeated', async () => {
  const server = await manager(silent);
  const { ping } = dockerOf(server);
  const errors = await Promise.all([ping(), ping()].map((asking) => asking.catch((error) => error)));
  for (const error of errors) {
    expect(error).toMatchObject({ code: 'UNREACHABLE', message: '127.0.0.1: Docker has stopped answering' });
    expect(error).not.toBeInstanceOf(ConnectionLost);
  }
  expect(server.connections).toBe(1);
});

test('an answer that stops half way counts as silence', async () => {
  const half: RequestListener = (_request, answer) =>
    void answer.writeHead(200, { 'content-length': 9 }).write('{');
  const { ping } = dockerOf(await manager(half), await manager(well));
  expect(await ping()).toBe('OK');
});

test('an answer that comes slowly, and a log that says nothing, are waited for', async () => {
  const slow: RequestListener = async (request, answer) => {
    if (request.url?.includes('/logs')) await sleep(2_000);
    for (const letter of 'OK') {
      answer.write(letter);
      await sleep(200);
    }
    answer.end();
  };
  const server = await manager(slow);
  const { docker, ping } = dockerOf(server);
  const log = docker.getService('s1').logs({ stdout: true, follow: false } as never);
  expect(await ping()).toBe('OK');
  expect(String(await log)).toBe('OK');
  expect(server.connections).toBe(1);
});

test('a connection that carries nothing for a while is not taken for a silent Docker', async () => {
  let asked = 0;
  const late: RequestListener = async (_request, answer) => {
    if (asked++ === 0) await sleep(900);
    answer.end('OK');
  };
  // Behind the streams that are kept ready comes the one that asks whether the connection carries anything.
  const server = await manager(late, [...Array<number>(14).fill(0), 800]);
  const { ping } = dockerOf(server);
  expect(await ping()).toBe('OK');
  expect(server.connections).toBe(1);
});

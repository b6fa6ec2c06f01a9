import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { connect } from '../../src/ssh/connect.ts';
import { openCommand } from '../../src/ssh/open-command.ts';
import { endpointAt } from '../fakes/endpoint.ts';

/** Whether a process is there that can be told from all others. */
const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

test('what is written goes to the command, and what it says is read; it ends with the stream', async () => {
  const stream = await openCommand("sh -c 'echo $$; exec cat' | cat");
  const [first] = await once(stream, 'data');
  const pid = Number(String(first));
  expect(isAlive(pid)).toBe(true);
  stream.write('over there\n');
  expect(String((await once(stream, 'data'))[0])).toBe('over there\n');
  stream.destroy();
  await expect.poll(() => isAlive(pid)).toBe(false);
});

test('Ctrl-C, which goes to all that a terminal runs, does not reach it', async () => {
  const stream = await openCommand("awk '{ print $5 }' /proc/self/stat");
  const [group] = await once(stream, 'data');
  const own = (await once(await openCommand(`awk '{ print $5 }' /proc/${process.pid}/stat`), 'data'))[0];
  expect(Number(String(group))).not.toBe(Number(String(own)));
});

const credentials = { key: undefined, hostKey: undefined, ask: async () => undefined };
const refusal = (proxyCommand: string) =>
  connect([endpointAt(22, { proxyCommand })], credentials).then(
    () => 'it is connected',
    (error: Error & { hint: string }) => `${error.message}\n${error.hint}`,
  );

test.each([
  ['echo no tunnel today >&2; exit 3', 'its ProxyCommand ended (exit 3): no tunnel today'],
  ['kill -9 $$', 'its ProxyCommand ended (SIGKILL)'],
  ['/nowhere/program', 'its ProxyCommand ended (exit 127)'],
])('one that fails, `%s`, is told with its last words', async (command, said) => {
  const text = await refusal(`sh -c '${command}'`);
  expect(text).toContain(`cannot connect to deploy@127.0.0.1:22: ${said}`);
  expect(text).toContain('@m1');
});

test('a host that has one is not connected to directly', async () => {
  let asked = 0;
  const server = createServer((socket) => {
    asked++;
    socket.destroy();
  }).listen(0);
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  await connect([endpointAt(port, { proxyCommand: 'exit 1' })], credentials).catch(() => {});
  expect(asked).toBe(0);
  server.close();
});

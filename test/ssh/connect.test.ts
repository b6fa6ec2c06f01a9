import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect as connectTcp, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { readAgentKeys } from '../../src/ssh/agent.ts';
import { connect } from '../../src/ssh/connect.ts';
import { withLength } from '../../src/ssh/wire.ts';
import { endpointAt } from '../fakes/endpoint.ts';
import { fakeSshServer, makeKey } from '../fakes/ssh-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'waggle-connect-'));
const path = (name: string) => join(folder, name);
const keygen = (name: string, ...argv: readonly string[]) =>
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-f', path(name), ...argv]);
keygen('id', '-N', '');
keygen('locked', '-N', 'hunter2');
writeFileSync(path('empty'), '');
writeFileSync(path('file'), '');
mkdirSync(path('folder'));
const servers: Server[] = [];
afterEach(() => {
  vi.useRealTimers();
  for (const server of servers.splice(0)) server.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

async function listen(at: number | string, onConnection: (socket: Socket) => void): Promise<Server> {
  const server = createServer((socket) => onConnection(socket.on('error', () => {})));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(at, resolve));
  return server;
}
const portOf = (server: Server) => (server.address() as AddressInfo).port;

const unpinned = { key: undefined, hostKey: undefined, ask: async () => undefined };

async function leaveSocketBehind(): Promise<void> {
  const server = await listen(path('first'), () => {});
  renameSync(path('first'), path('stale'));
  server.close();
}

test.each<[what: string, agent: string, prepare: () => Promise<unknown>]>([
  ['is not there', 'none', async () => {}],
  ['is a plain file', 'file', async () => {}],
  ['has left its socket behind', 'stale', leaveSocketBehind],
  ['hangs up', 'rude', () => listen(path('rude'), (socket) => socket.destroy())],
  ['says it fails', 'failing', () => listen(path('failing'), (socket) => socket.write('\0\0\0\x01\x05'))],
  ['speaks nonsense', 'odd', () => listen(path('odd'), (socket) => socket.end('\0\0\0\x05\x0c????'))],
])('a key file logs in beside an agent that %s', async (_what, agent, prepare) => {
  await prepare();
  using server = await fakeSshServer(() => {});
  const endpoint = endpointAt(server.port, { identityFiles: [path('id')], agent: path(agent) });
  const client = await connect([endpoint], { ...unpinned, hostKey: server.hostKey });
  client.end();
});

const fakeTimers = () =>
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });

test('an agent that never answers is given up', async () => {
  await listen(path('silent'), () => {});
  fakeTimers();
  expect(await atOnce(readAgentKeys(path('silent')))).toMatchObject({ keys: undefined });
});

/** An agent (draft-miller-ssh-agent) that has the key `id`, and never signs. */
function neverSigning(socket: Socket, onSign: () => void): void {
  const key = Buffer.from(readFileSync(path('id.pub'), 'utf8').split(' ')[1] ?? '', 'base64');
  const [LIST, ANSWER] = [11, 12];
  const answer = Buffer.concat([
    Buffer.from([ANSWER, 0, 0, 0, 1]),
    withLength(key),
    withLength(Buffer.from('mine')),
  ]);
  socket.on('data', (question: Buffer) => {
    if (question[4] === LIST) socket.write(withLength(answer));
    else onSign();
  });
}

test('an agent that never signs is named', async () => {
  let isAsked = false;
  await listen(path('unsigning'), (socket) => neverSigning(socket, () => (isAsked = true)));
  using server = await fakeSshServer(() => {});
  fakeTimers();
  const endpoint = endpointAt(server.port, { agent: path('unsigning') });
  const connecting = connect([endpoint], { ...unpinned, hostKey: server.hostKey });
  const error = await atOnce(connecting, () => isAsked).catch((thrown) => thrown);
  expect(error).toMatchObject({
    code: 'UNREACHABLE',
    message: expect.stringContaining('the ssh agent did not sign within two minutes'),
  });
});

test('a connection that falls silent is over after 40 s', async () => {
  using server = await fakeSshServer(() => {});
  const open: Socket[] = [];
  const proxy = await listen(0, (socket) => {
    const through = connectTcp(server.port, '127.0.0.1').on('error', () => {});
    open.push(socket, through);
    socket.pipe(through).pipe(socket);
  });
  const endpoint = endpointAt(portOf(proxy), { identityFiles: [path('id')] });
  fakeTimers();
  const client = await connect([endpoint], { ...unpinned, hostKey: server.hostKey });
  const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));
  for (const socket of open) socket.unpipe().pause();
  vi.advanceTimersByTime(39_000);
  expect(client).toHaveProperty('_sock.destroyed', false);
  vi.advanceTimersByTime(2_000);
  await closed;
});

test('a bastion that gets no answer from the next host is not waited for', async () => {
  using server = await fakeSshServer(() => {});
  const bastion = endpointAt(server.port, { identityFiles: [path('id')] });
  writeFileSync(path('known_hosts'), `${bastion.knownAs} ${server.hostKey}\n`);
  const way = [{ ...bastion, knownHostsFiles: [path('known_hosts')] }, endpointAt(1)];
  fakeTimers();
  const error = await atOnce(connect(way, unpinned), () => server.forwards > 0).catch((thrown) => thrown);
  expect(error).toMatchObject({
    code: 'UNREACHABLE',
    message: expect.stringContaining('127.0.0.1:1: the bastion gets no answer from it'),
  });
});

test('what a host says before anybody knows it cannot move a terminal, nor pass for a line of ours', async () => {
  const [DISCONNECT, REASON] = [1, 12];
  const said = 'full\nwhat to do: \x1b[31mrun this\u202e';
  const payload = Buffer.concat([
    Buffer.from([DISCONNECT, 0, 0, 0, REASON]),
    withLength(Buffer.from(said)),
    withLength(Buffer.alloc(0)),
  ]);
  const padding = Buffer.alloc(4 + ((8 - ((payload.length + 9) % 8)) % 8));
  const packet = withLength(Buffer.concat([Buffer.from([padding.length]), payload, padding]));
  const server = await listen(0, (socket) => {
    socket.write(Buffer.concat([Buffer.from('SSH-2.0-x\r\n'), packet]));
  });
  const error = await connect([endpointAt(portOf(server))], unpinned).catch((thrown) => thrown);
  expect(error.message).toMatch(/: full what to do: {2}?\[31mrun this $/);
});

/** With faked timers: time passes while it is waited, from that moment on. */
async function atOnce<T>(waiting: Promise<T>, isMoment = () => true): Promise<T> {
  let isOver = false;
  const end = () => (isOver = true);
  waiting.then(end, end);
  while (!isOver) {
    await new Promise(setImmediate);
    if (isMoment()) vi.advanceTimersByTime(100);
  }
  return waiting;
}

test.each<[what: string, onConnection: (socket: Socket) => void, message: string]>([
  ['never speaks', () => {}, 'no answer within 15 s'],
  ['never speaks after its name', (socket) => socket.write('SSH-2.0-x\r\n'), 'no answer within 15 s'],
  ['hangs up', (socket) => socket.end(), 'cannot connect to'],
  ['hangs up after its name', (socket) => socket.end('SSH-2.0-x\r\n'), 'cannot connect to'],
  ['resets the connection', (socket) => socket.resetAndDestroy(), 'cannot connect to'],
  ['is a web server', (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'), 'cannot connect to'],
  ['speaks nonsense', (socket) => socket.end('SSH-2.0-x\r\n\0\0\0\x0c????????????'), 'cannot connect to'],
])('a server that %s cannot be reached, and nothing else is heard of it', async (_what, act, message) => {
  const server = await listen(0, act);
  fakeTimers();
  const error = await atOnce(connect([endpointAt(portOf(server))], unpinned)).catch((thrown) => thrown);
  expect(error).toMatchObject({ code: 'UNREACHABLE', message: expect.stringContaining(message) });
  // An event that nobody hears would come now, and fail this run.
  await new Promise(setImmediate);
});

test.each([
  [
    'is the only one',
    ['locked'],
    'the key needs its passphrase',
    ['no key at all', 'locked: needs its passphrase'],
    'ssh-add',
  ],
  [
    'is there, too',
    ['id', 'locked'],
    'it accepts none of the keys that are open',
    ['id', 'locked: needs its passphrase'],
    'ssh-add',
  ],
  [
    'has another passphrase',
    ['locked'],
    'the key needs its passphrase',
    ['no key at all', 'locked: needs'],
    'ssh-add',
  ],
])('a locked key that %s is said to be there', async (what, files, problem, told, hint) => {
  using server = await fakeSshServer(
    () => {},
    10,
    undefined,
    (context) => context.reject(['publickey']),
  );
  const endpoint = endpointAt(server.port, { identityFiles: files.map(path) });
  const ask = async () => (what.includes('another') ? 'hunter3' : undefined);
  const error = await connect([endpoint], { ...unpinned, hostKey: server.hostKey, ask }).catch(
    (thrown) => thrown,
  );
  expect(error).toMatchObject({ code: 'UNREACHABLE', hint: expect.stringContaining(hint) });
  expect(error.message).toContain(problem);
  expect(error.details).toEqual([
    expect.stringMatching(new RegExp(`^offered: .*${told[0]}$`)),
    expect.stringContaining(`not offered: ${path(told[1] ?? '')}`),
  ]);
});

test.each([
  ['an empty file', ['empty'], 'not offered: .*empty: it is empty'],
  ['none at all', [], 'offered: no key at all'],
  ['one that cannot be read', ['folder'], 'not offered: .*folder: is a folder'],
])('where there is %s no passphrase is spoken of', async (_what, files, told) => {
  using server = await fakeSshServer(
    () => {},
    10,
    undefined,
    (context) => context.reject(['publickey']),
  );
  const endpoint = endpointAt(server.port, { identityFiles: files.map(path) });
  const error = await connect([endpoint], { ...unpinned, hostKey: server.hostKey }).catch((thrown) => thrown);
  expect(error.message).toContain('it accepts none of the keys');
  expect(error.details.join('\n')).toMatch(new RegExp(told));
});

test.each<[what: string, act: (socket: Socket) => void]>([
  ['hangs up', (socket) => socket.end()],
  ['resets it', (socket) => socket.resetAndDestroy()],
  ['shows a part of one', (socket) => socket.end('SSH-2.0-x\r\n\0\0\0\x0c\x04\x1f\0\0\0\x20??????')],
])(
  'a host that is asked for its certificate on a second connection and %s is refused',
  async (_what, act) => {
    using server = await fakeSshServer(() => {});
    let connections = 0;
    const proxy = await listen(0, (socket) => {
      if (connections++ > 0) return act(socket);
      socket.pipe(connectTcp(server.port, '127.0.0.1').on('error', () => {})).pipe(socket);
    });
    writeFileSync(path('known_hosts'), `@cert-authority * ${makeKey().public}\n`);
    const endpoint = endpointAt(portOf(proxy), { knownHostsFiles: [path('known_hosts')] });
    await expect(connect([endpoint], unpinned)).rejects.toMatchObject({
      code: 'UNREACHABLE',
      message: expect.stringMatching(/is not vouched for|the server hung up/),
    });
  },
);

test('an agent that does not answer is named when no key is accepted', async () => {
  using server = await fakeSshServer(
    () => {},
    10,
    undefined,
    (context) => context.reject(['publickey']),
  );
  const endpoint = endpointAt(server.port, { agent: path('none') });
  const error = await connect([endpoint], { ...unpinned, hostKey: server.hostKey }).catch((thrown) => thrown);
  expect(error.details).toEqual([
    'offered: no key at all',
    `not offered: ssh agent ${path('none')}: it does not answer`,
  ]);
});

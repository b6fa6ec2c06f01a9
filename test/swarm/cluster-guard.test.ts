import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { ClusterGuard } from '../../src/swarm/cluster-guard.ts';

const closing: (() => unknown)[] = [];
afterEach(() => {
  vi.useRealTimers();
  for (const close of closing.splice(0)) close();
});

/** An engine that a stream leads to. */
async function manager(name: string, answer: RequestListener) {
  const server = createServer(answer).listen(0, '127.0.0.1');
  closing.push(() => server.close().closeAllConnections());
  await once(server, 'listening');
  const openSocket = async () => {
    const stream = connect((server.address() as AddressInfo).port, '127.0.0.1');
    await once(stream, 'connect');
    return stream;
  };
  return { name, openSocket, server };
}

/** Of a worker, and of a manager without a quorum, `ID` is empty. */
const of = (name: string, ID: string, configs: readonly string[] = []) =>
  manager(name, ({ url = '' }, answer) => {
    if (url === '/info') return void answer.end(JSON.stringify({ Swarm: { Cluster: { ID } } }));
    answer.writeHead(configs.includes(url.replace('/configs/', '')) ? 200 : 404).end('{}');
  });

test('the first manager decides, and one of another cluster is named with both ids', async () => {
  const guard = new ClusterGuard(undefined);
  await guard.admit(await of('m1', 'aaa'));
  await guard.admit(await of('m2', 'aaa'));
  expect(guard.id).toBe('aaa');
  await expect(guard.admit(await of('s1', 'bbb'))).rejects.toMatchObject({
    code: 'WRONG_CLUSTER',
    message: expect.stringMatching(/^s1 .*\bbbb\b.*\baaa\b/),
  });
  expect(guard.id).toBe('aaa');
});

test('a cluster that is known before decides about the first manager, too', async () => {
  const guard = new ClusterGuard('aaa');
  await expect(guard.admit(await of('s1', 'bbb'))).rejects.toMatchObject({ code: 'WRONG_CLUSTER' });
  await guard.admit(await of('m1', 'aaa'));
});

describe('an engine that does not say which cluster it manages', () => {
  test('comes first: whoever needs a manager says why it is none', async () => {
    const guard = new ClusterGuard('aaa');
    await guard.admit(await of('w1', ''));
    await expect(guard.admit(await of('s1', 'bbb'))).rejects.toMatchObject({ code: 'WRONG_CLUSTER' });
  });

  test('comes later: it may be of another cluster', async () => {
    const guard = new ClusterGuard(undefined);
    await guard.admit(await of('m1', 'aaa'));
    await expect(guard.admit(await of('m2', ''))).rejects.toMatchObject({ code: 'UNREACHABLE' });
  });
});

describe('under a lock', () => {
  test('a manager of the same id that does not have the lock is of another half of the cluster', async () => {
    const guard = new ClusterGuard(undefined);
    await guard.admit(await of('m1', 'aaa'));
    const lock = guard.holdLock('lock-1');
    await guard.admit(await of('m2', 'aaa', ['lock-1']));
    const other = await of('m3', 'aaa', ['lock-0']);
    await expect(guard.admit(other)).rejects.toMatchObject({ code: 'LOCK_LOST' });
    lock[Symbol.dispose]();
    await guard.admit(other);
  });

  test('a manager that cannot read its records now is admitted: the next change is refused there', async () => {
    const guard = new ClusterGuard('aaa');
    guard.holdLock('lock-1');
    const busy = await manager('m1', ({ url }, answer) => {
      if (url === '/info') return void answer.end(JSON.stringify({ Swarm: { Cluster: { ID: 'aaa' } } }));
      answer.writeHead(503).end('{}');
    });
    await guard.admit(busy);
  });
});

describe('an engine that', () => {
  test('hangs up is named', async () => {
    const gone = await manager('m1', ({ socket }) => void socket.destroy());
    await expect(new ClusterGuard(undefined).admit(gone)).rejects.toMatchObject({
      code: 'UNREACHABLE',
      message: expect.stringMatching(/^m1: /),
    });
  });

  test('hangs is given up', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const hung = await manager('m1', () => {});
    const asked = once(hung.server, 'request');
    const admitting = new ClusterGuard(undefined).admit(hung);
    admitting.catch(() => {});
    await asked;
    vi.advanceTimersByTime(30_000);
    await expect(admitting).rejects.toMatchObject({ code: 'UNREACHABLE' });
  });
});

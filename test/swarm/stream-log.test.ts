import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Docker from 'dockerode';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { parseLogLine, readFrames, streamLog } from '../../src/swarm/stream-log.ts';

function frame(text: string, stream = 1): Buffer {
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([header, Buffer.from(text)]);
}

test('frames are read from whatever pieces they come in', async () => {
  const payloads = fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(payloads, fc.integer({ min: 1, max: 40 }), async (texts, size) => {
      const all = Buffer.concat(texts.map((text, at) => frame(text, 1 + (at % 2))));
      const pieces: Buffer[] = [];
      for (let at = 0; at < all.length; at += size) pieces.push(all.subarray(at, at + size));
      const read: string[] = [];
      for await (const payload of readFrames(pieces)) read.push(payload.toString());
      expect(read).toEqual(texts);
    }),
  );
});

const DETAILS = 'com.docker.swarm.node.id=n1,com.docker.swarm.service.id=s1,com.docker.swarm.task.id=t1abc';

test.each([
  [`2026-11-22T05:00:00.123456789Z ${DETAILS} ready, a=b c`, 'ready, a=b c'],
  [`2026-11-22T05:00:00Z app=x,${DETAILS} said\r`, 'said'],
  [`2026-11-22T05:00:00Z ${DETAILS} `, ''],
])('%s', (line, text) => {
  expect(parseLogLine(line)).toEqual({ time: line.split(' ')[0], taskId: 't1abc', text });
});

test.each([[''], ['no log line'], ['2026-11-22T05:00:00Z app=x said']])('%s is none', (line) => {
  expect(parseLogLine(line)).toBeUndefined();
});

test.each([true, false])('a Docker that never answers is not waited for: follow %s', async (follow) => {
  const server = createServer(() => {});
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => server.closeAllConnections());
  const docker = new Docker({ host: '127.0.0.1', port: (server.address() as AddressInfo).port });
  const source = { kind: 'service', id: 's1', isTerminal: false } as const;
  const lines: unknown[] = [];
  const wish = { follow, since: 0, tail: 'all' } as const;
  for await (const line of streamLog(docker, source, wish, AbortSignal.timeout(50))) lines.push(line);
  expect(lines).toEqual([]);
});

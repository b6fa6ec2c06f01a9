import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Docker from 'dockerode';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import type { LogLine } from '../../src/shared/service-log.ts';
import { type LogProblem, readFramedLines, readRawLines } from '../../src/swarm/log-lines.ts';
import { streamLog } from '../../src/swarm/stream-log.ts';

function frame(text: string | Buffer, stream = 1): Buffer {
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([header, Buffer.from(text)]);
}

const DETAILS = 'com.docker.swarm.node.id=n1,com.docker.swarm.service.id=s1,com.docker.swarm.task.id=';
const prefixOf = (at: number, task = 't1abc', more = '') =>
  `2026-11-22T05:00:00.${String(at).padStart(9, '0')}Z ${more}${DETAILS}${task} `;

function piecesOf(all: Buffer, size: number): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at < all.length; at += size) pieces.push(all.subarray(at, at + size));
  return pieces;
}

async function textsOf(lines: AsyncIterable<LogLine | LogProblem>): Promise<string[]> {
  const texts: string[] = [];
  for await (const line of lines) texts.push('problem' in line ? `! ${line.problem}` : line.text);
  return texts;
}

const anyLine = fc
  .string({
    unit: fc.oneof(fc.constantFrom('\r', '\u2028', '\u0085', 'ö', '😀', ' '), fc.string({ maxLength: 1 })),
  })
  .map((text) => text.replaceAll('\n', '').replace(/\r+$/, ''));
const anyLines = fc.array(anyLine, { maxLength: 8 });
const anySize = fc.integer({ min: 1, max: 60 });

test('every framed line is read, whatever it has in it and whatever pieces it comes in', async () => {
  await fc.assert(
    fc.asyncProperty(anyLines, anySize, async (lines, size) => {
      const all = lines.map((line, at) => frame(`${prefixOf(at)}${line}\n`, 1 + (at % 2)));
      expect(await textsOf(readFramedLines(piecesOf(Buffer.concat(all), size)))).toEqual(lines);
    }),
  );
});

test('every line of a terminal is read, whatever pieces it comes in', async () => {
  await fc.assert(
    fc.asyncProperty(anyLines, anySize, async (lines, size) => {
      const all = Buffer.from(lines.map((line, at) => `${prefixOf(at)}${line}\r\n`).join(''));
      expect(await textsOf(readRawLines(piecesOf(all, size)))).toEqual(lines);
    }),
  );
});

test('parts of a long line are joined, those of two tasks and outputs apart, a letter over the border whole', async () => {
  const letter = Buffer.from('ö');
  const part = (text: string | Buffer, stream = 1, task = 't1abc') =>
    frame(Buffer.concat([Buffer.from(prefixOf(1, task)), Buffer.from(text)]), stream);
  const frames = [
    part(Buffer.concat([Buffer.from('one '), letter.subarray(0, 1)])),
    part('other ', 1, 't2'),
    part('error\n', 2),
    part(Buffer.concat([letter.subarray(1), Buffer.from(' end\n')])),
    part('task\n', 1, 't2'),
    part('without an end'),
  ];
  expect(await textsOf(readFramedLines(frames))).toEqual([
    'error',
    'one ö end',
    'other task',
    'without an end',
  ]);
});

test('parts of a long line of a terminal are joined', async () => {
  const all = `${prefixOf(1)}one ${prefixOf(1)}two\r\n${prefixOf(2)}next\r\n`;
  expect(await textsOf(readRawLines([Buffer.from(all)]))).toEqual(['one two', 'next']);
});

test("Docker's own errors are told, and what is no line of a task is left out", async () => {
  const frames = [
    frame('no log line\n'),
    frame('error from daemon in stream: no answer from node n2\n', 3),
    frame(`${prefixOf(1, 't1abc', 'app=x,')}ready, a=b c\r\n`),
    frame(`${prefixOf(2)}\n`),
  ];
  expect(await textsOf(readFramedLines(frames))).toEqual([
    '! error from daemon in stream: no answer from node n2',
    'ready, a=b c',
    '',
  ]);
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

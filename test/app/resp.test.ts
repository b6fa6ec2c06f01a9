import { expect, test } from 'vitest';
import { encodeCommand, parseReply, ReplyError } from '../../app/src/resp.ts';

const parse = (text: string) => parseReply(Buffer.from(text));

test.each([
  ['a simple string', '+PONG\r\n', 'PONG'],
  ['an integer', ':-42\r\n', -42],
  ['a bulk string', '$5\r\nhello\r\n', 'hello'],
  ['an empty bulk string', '$0\r\n\r\n', ''],
  ['a length in bytes, not characters', '$6\r\näöü\r\n', 'äöü'],
  ['a line end inside a bulk string', '$4\r\na\r\nb\r\n', 'a\r\nb'],
  ['no bulk string', '$-1\r\n', null],
  ['an array', '*2\r\n$4\r\njobs\r\n$2\r\n{}\r\n', ['jobs', '{}']],
  ['an empty array', '*0\r\n', []],
  ['no array, as BLPOP answers in vain', '*-1\r\n', null],
  ['arrays in an array', '*2\r\n*1\r\n:1\r\n*1\r\n$-1\r\n', [[1], [null]]],
])('%s', (_, text, reply) => {
  expect(parse(text)).toEqual({ reply, end: Buffer.byteLength(text) });
});

test('an error is a value of its own kind', () => {
  const reply = parse('-WRONGTYPE not a list\r\n')?.reply;
  expect(reply).toBeInstanceOf(ReplyError);
  expect((reply as ReplyError).message).toBe('WRONGTYPE not a list');
});

test('no prefix of a reply is taken for a whole one', () => {
  const whole = '*2\r\n$4\r\njobs\r\n*2\r\n:1\r\n$3\r\nä!\r\n';
  const data = Buffer.from(whole);
  for (let length = 0; length < data.length; length++)
    expect(parseReply(data.subarray(0, length)), `${length} bytes`).toBeUndefined();
  expect(parseReply(data)?.end).toBe(data.length);
});

test('what follows a reply is left for the next', () => {
  const data = Buffer.from('+OK\r\n:7\r\n');
  expect(parseReply(data)).toEqual({ reply: 'OK', end: 5 });
  expect(parseReply(data, 5)).toEqual({ reply: 7, end: 9 });
});

test('something else than RESP is refused', () => {
  expect(() => parse('HTTP/1.1 400 Bad Request\r\n')).toThrow('not a RESP reply: it begins with "H"');
});

test('a command is an array of bulk strings', () => {
  expect(encodeCommand(['LPUSH', 'ä'])).toBe('*2\r\n$5\r\nLPUSH\r\n$2\r\nä\r\n');
});

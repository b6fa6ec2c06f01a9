import { expect, onTestFinished, test } from 'vitest';
import { Redis } from '../../app/src/redis.ts';
import { watchRedis } from '../../app/src/redis-health.ts';
import { type Answer, fakeRedis } from './fake-redis.ts';

async function connected(answer: Answer) {
  const fake = await fakeRedis(answer);
  const redis = await Redis.connect(fake.address, 500);
  onTestFinished(() => redis.close());
  return { fake, redis };
}

test('commands are answered in turn on one connection', async () => {
  const { fake, redis } = await connected(([word]) => (word === 'PING' ? '+PONG\r\n' : ':1\r\n'));
  expect(await redis.ask(['PING'], 500)).toBe('PONG');
  expect(await redis.ask(['LPUSH', 'jobs', 'a job'], 500)).toBe(1);
  expect(fake.commands).toEqual(['PING', 'LPUSH jobs a job']);
});

test('an error that Redis answers is thrown', async () => {
  const { redis } = await connected(() => '-NOAUTH Authentication required.\r\n');
  await expect(redis.ask(['PING'], 500)).rejects.toThrow('NOAUTH');
});

test('a Redis that stays silent is given up', async () => {
  const { redis } = await connected(() => undefined);
  await expect(redis.ask(['PING'], 50)).rejects.toThrow('no answer in time');
});

test('a connection that is closed meanwhile is told to whoever asked', async () => {
  const { fake, redis } = await connected(() => void setTimeout(() => fake.dropConnections(), 20));
  await expect(redis.ask(['PING'], 500)).rejects.toThrow();
});

test('an aborted signal ends a command that waits', async () => {
  const { address } = await fakeRedis(() => undefined);
  const stop = new AbortController();
  const redis = await Redis.connect(address, 500, stop.signal);
  const answer = redis.ask(['BLPOP', 'jobs', '5'], 7000);
  stop.abort();
  await expect(answer).rejects.toThrow('abort');
});

test.each([
  ['up', '+PONG\r\n'],
  ['down', '-LOADING Redis is loading the dataset in memory\r\n'],
  ['down', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
  ['down', undefined],
] as const)('health is %s when a ping is answered with %j', async (health, bytes) => {
  const { address } = await fakeRedis(() => bytes);
  expect(await watchRedis(address)()).toBe(health);
});

test('health is asked once for many requests, and again when that is old', async () => {
  const { address, commands } = await fakeRedis(() => '+PONG\r\n');
  const health = watchRedis(address, 60);
  await Promise.all([health(), health(), health()]);
  expect(commands).toEqual(['PING']);
  await new Promise((done) => setTimeout(done, 80));
  await health();
  expect(commands).toEqual(['PING', 'PING']);
});

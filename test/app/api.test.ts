import { expect, test } from 'vitest';
import { fakeRedis } from './fake-redis.ts';
import { App } from './run-app.ts';

const B2 = {
  B2_ENDPOINT: 'https://s3.example.net',
  B2_KEY_ID: 'id',
  B2_APP_KEY: 'key',
  B2_BUCKET_NAME: 'bucket',
};
const HEALTH = { status: 'ok', service: 'api', version: 'dev', storage: 'local', redis: 'down' };

test('without Redis it is healthy and says that Redis is down', async () => {
  expect(await new App('api').get('/health')).toEqual({ code: 200, body: HEALTH });
});

test('health tells the version, the storage and Redis', async () => {
  const redis = await fakeRedis(() => '+PONG\r\n');
  const app = new App('api', { ...B2, ...redis.env, APP_VERSION: 'a1b2c3d' });
  const body = { ...HEALTH, version: 'a1b2c3d', storage: 's3', redis: 'up' };
  expect(await app.get('/health')).toEqual({ code: 200, body });
});

test('storage is local when a B2 variable is empty', async () => {
  const app = new App('api', { ...B2, B2_BUCKET_NAME: '' });
  expect((await app.get('/health')).body).toMatchObject({ storage: 'local' });
});

test('the fault api-unhealthy fails its health, and not the check of its container', async () => {
  const app = new App('api', { APP_FAULT: 'api-unhealthy' });
  expect(await app.get('/health')).toEqual({ code: 503, body: { ...HEALTH, status: 'unhealthy' } });
  expect(await app.get('/live')).toEqual({ code: 200, body: { status: 'ok' } });
});

test('a fault of another service leaves it healthy', async () => {
  expect((await new App('api', { APP_FAULT: 'worker-crash' }).get('/health')).code).toBe(200);
});

test('other paths', async () => {
  const app = new App('api');
  expect(await app.get('/')).toEqual({ code: 200, body: { service: 'api', version: 'dev' } });
  expect(await app.get('/health?verbose')).toMatchObject({ code: 200 });
  for (const path of ['/nowhere', '/toString', '/constructor'])
    expect(await app.get(path), path).toMatchObject({ code: 404 });
});

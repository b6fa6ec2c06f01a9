import { expect, test } from 'vitest';
import { App } from './run-app.ts';

const check = (...argv: string[]) => new App('healthcheck', {}, argv).ended;

test.each([
  ['/health', '', 0],
  ['/health', 'api-unhealthy', 1],
  ['/nowhere', '', 1],
] as const)('of %s with fault %j it exits %i', async (path, fault, code) => {
  const app = new App('api', { APP_FAULT: fault });
  expect(await check(await app.url(path))).toBe(code);
});

test('it exits 1 when nothing listens, and without an address', async () => {
  expect(await check('http://127.0.0.1:1/health')).toBe(1);
  expect(await check()).toBe(1);
});

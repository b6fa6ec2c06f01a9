import { expect, test } from 'vitest';
import { App } from './run-app.ts';

test('health and the page tell the version', async () => {
  const app = new App('admin', { APP_VERSION: 'a1b2c3d' });
  const body = { status: 'ok', service: 'admin', version: 'a1b2c3d' };
  expect(await app.get('/api/health')).toEqual({ code: 200, body });
  const page = await fetch(await app.url('/'));
  expect(page.headers.get('content-type')).toContain('text/html');
  expect(await page.text()).toContain('version a1b2c3d');
});

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { App, SECRET_VALUE, secretsFolder } from './run-app.ts';

const REQUIRED = {
  api: ['postgres_password', 'secret_key'],
  worker: ['postgres_password', 'email_host_password', 'fcm_server_key', 'apns_auth_key'],
  admin: ['secret_key'],
} as const;
const rows = Object.entries(REQUIRED).flatMap(([program, names]) =>
  names.map((name) => [program as keyof typeof REQUIRED, name] as const),
);

test.each(rows)('%s does not start without %s', async (program, name) => {
  const folder = secretsFolder([name]);
  const app = new App(program, { SECRETS_DIR: folder });
  expect(await app.ended).toBe(1);
  expect(app.output).toBe(`missing or empty secret in ${folder}: ${name}\n`);
});

test('all that are missing are named at once', async () => {
  const app = new App('api', { SECRETS_DIR: secretsFolder(REQUIRED.api) });
  expect(await app.ended).toBe(1);
  expect(app.output).toContain(': postgres_password, secret_key\n');
});

test('an empty secret is a missing one', async () => {
  const folder = secretsFolder();
  writeFileSync(join(folder, 'secret_key'), '\n');
  const app = new App('admin', { SECRETS_DIR: folder });
  expect(await app.ended).toBe(1);
  expect(app.output).toContain('secret_key');
});

test.each(['api', 'worker', 'admin'] as const)('%s never shows a value', async (program) => {
  const app = new App(program);
  await app.url('/');
  app.signal('SIGTERM');
  expect(await app.ended).toBe(0);
  expect(app.output).not.toContain(SECRET_VALUE);
});

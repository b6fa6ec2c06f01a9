import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { FAILURES } from '../../src/shared/errors.ts';
import { MAIN } from './run-waggle.ts';

const folder = mkdtempSync(join(tmpdir(), 'waggle-stopping-'));
afterAll(() => rmSync(folder, { recursive: true }));

/**
 * A manager that takes a connection and says nothing, and stops whoever connects by a signal. A process of its own: here
 * other tests may keep it from noticing until nobody waits any more.
 */
const SILENT = `
const server = require('node:net').createServer(() => running.kill(process.argv[1]));
let running;
server.listen(0, '127.0.0.1', () => {
  const env = { ...process.env, DEPLOY_MANAGER_SSH_PORT: String(server.address().port) };
  running = require('node:child_process').spawn('node', process.argv.slice(2), { env, stdio: 'inherit' });
  running.on('close', (code) => process.exit(code ?? 1));
});`;

test.each(['SIGINT', 'SIGTERM'] as const)('%s ends a run whose manager does not answer', async (signal) => {
  mkdirSync(join(folder, 'deploy'), { recursive: true });
  const files = {
    'cluster.env': 'DEPLOY_MANAGER_HOST=127.0.0.1\nSTACK_NAME=shop\n',
    'registry.env':
      'REGISTRY=r.io\nREGISTRY_NAMESPACE=n\nREGISTRY_USERNAME=u\nREGISTRY_TOKEN=token-of-mine\n',
    'prod.env': '',
    'stack.yml': 'services: { a: { image: "b:1" } }\n',
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, 'deploy', name), text);
  const running = spawn('node', ['-e', SILENT, signal, MAIN, 'deploy'], {
    cwd: folder,
    env: { PATH: process.env.PATH ?? '', HOME: folder, DEPLOY_TAG: 'v1' },
  });
  let said = '';
  for (const stream of [running.stdout, running.stderr]) stream.on('data', (text) => (said += text));
  const [code] = await once(running, 'close');
  expect(code, said).toBe(FAILURES.CANCELLED);
  expect(said).toContain(`stopped by ${signal}`);
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { FAILURES } from '../../src/shared/errors.ts';
import { MAIN } from './run-waggle.ts';

const folder = mkdtempSync(join(tmpdir(), 'waggle-stopping-'));
const silent = createServer(() => {}).listen(0, '127.0.0.1');
afterAll(() => {
  silent.close();
  rmSync(folder, { recursive: true });
});

test.each(['SIGINT', 'SIGTERM'] as const)('%s ends a run whose manager does not answer', async (signal) => {
  const { port } = silent.address() as AddressInfo;
  mkdirSync(join(folder, 'deploy'), { recursive: true });
  const files = {
    'cluster.env': `DEPLOY_MANAGER_HOST=127.0.0.1\nDEPLOY_MANAGER_SSH_PORT=${port}\nSTACK_NAME=shop\n`,
    'registry.env':
      'REGISTRY=r.io\nREGISTRY_NAMESPACE=n\nREGISTRY_USERNAME=u\nREGISTRY_TOKEN=token-of-mine\n',
    'prod.env': '',
    'stack.yml': 'services: { a: { image: "b:1" } }\n',
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, 'deploy', name), text);
  const asked = once(silent, 'connection');
  const running = spawn('node', [MAIN, 'deploy'], {
    cwd: folder,
    env: { PATH: process.env.PATH ?? '', HOME: folder, DEPLOY_TAG: 'v1' },
  });
  let said = '';
  for (const stream of [running.stdout, running.stderr]) stream.on('data', (text) => (said += text));
  const ended = once(running, 'close');
  await Promise.race([asked, ended]);
  running.kill(signal);
  expect((await ended)[0], said).toBe(FAILURES.CANCELLED);
  expect(said).toContain(`stopped by ${signal}`);
});

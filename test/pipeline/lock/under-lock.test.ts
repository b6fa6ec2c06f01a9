import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { underLock } from '../../../src/pipeline/lock/under-lock.ts';
import { PrivateFolder } from '../../../src/shared/private-folder.ts';
import { silentLog } from '../../../src/shared/recording-log.ts';
import type { Tools } from '../../../src/shared/tools.ts';
import { heldCluster } from '../../fakes/held-cluster.ts';
import { fakeRecords } from '../../fakes/records.ts';

const folder = mkdtempSync(join(tmpdir(), 'under-lock-test-'));
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

test('whatever a run is to change, what a killed one left on this machine goes', async () => {
  vi.stubEnv('TMPDIR', folder);
  mkdirSync(join(folder, 'waggle-run-killed'));
  await using alive = await PrivateFolder.make();
  mkdirSync(join(folder, 'waggle-run-killed'));
  const swarm = { ...fakeRecords(), readManager: async () => ({ isManager: true, problem: '' }) };
  const tools = {
    cluster: heldCluster,
    swarm,
    remote: {},
    hosts: [],
    log: silentLog,
    signal: new AbortController().signal,
  } as unknown as Tools;
  const what = { stack: 'shop', what: 'deploy v1' };
  expect(await underLock({ environment: {} }, tools, what, async () => readdirSync(folder))).toEqual([
    basename(alive.path),
  ]);
});

test('programs of a run learn the id of its lock, which refuses a run that they start', async () => {
  const swarm = { ...fakeRecords(), readManager: async () => ({ isManager: true, problem: '' }) };
  const local = vi.fn();
  const { signal } = new AbortController();
  const tools = { cluster: heldCluster, swarm, log: silentLog, signal, local, remote: {}, hosts: [] };
  const own = { stack: 'shop', what: 'deploy v1', isPatient: true };
  const take = (environment: Record<string, string>, use: (held: Tools) => Promise<void>) =>
    underLock({ environment }, tools as unknown as Tools, own, use);
  await take({}, async (held) => {
    await held.local(['hook'], { env: { A: '1' } });
    const [, { env }] = local.mock.calls[0] as [unknown, { env: Record<string, string> }];
    expect(env).toMatchObject({ A: '1' });
    await expect(take(env, async () => {})).rejects.toMatchObject({ code: 'LOCKED' });
  });
});

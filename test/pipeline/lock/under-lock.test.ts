import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { underLock } from '../../../src/pipeline/lock/under-lock.ts';
import { silentLog } from '../../../src/shared/chronicle.ts';
import { PrivateFolder } from '../../../src/shared/private-folder.ts';
import type { Tools } from '../../../src/shared/tools.ts';
import { heldCluster } from '../../fakes/held-cluster.ts';
import { fakeRecords } from '../../fakes/records.ts';

const folder = mkdtempSync(join(tmpdir(), 'under-lock-test-'));
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
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

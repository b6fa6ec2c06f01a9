import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { restoreTo } from '../../src/pipeline/restore-to.ts';
import type { RestoreContext } from '../../src/pipeline/step.ts';
import { renderRelease } from '../../src/plan/records/release-record.ts';
import { DeployError } from '../../src/shared/errors.ts';
import { silentLog } from '../../src/shared/recording-log.ts';
import type { ServiceSpec } from '../../src/shared/service-spec.ts';
import { release } from '../fakes/inputs.ts';
import { releaseRecord, storedAs } from '../fakes/records.ts';
import { service, task } from '../fakes/swarm.ts';

let answer = '';
const server = createServer((_incoming, outgoing) => outgoing.end(answer));
beforeAll(() => new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening)));
afterAll(() => server.close());

const old = { Name: 'shop_api', UpdateConfig: { Monitor: 1e6 } } as ServiceSpec;
const before = {
  services: [service('shop_api', { spec: old })],
  networks: [],
  used: [],
  templates: [],
  taskIds: new Set<string>(),
  running: new Map([['shop_api', 1]]),
};
const records = storedAs(renderRelease(releaseRecord(1, { tag: 'v1', services: [old] })));

/** A stack that was changed, asked for its version. */
function acting(settings = ''): RestoreContext {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const read = release(
    { environment: { DEPLOY_TAG: 'v2' } },
    {
      'cluster.env': `DEPLOY_MANAGER_HOST=m1\nSTACK_NAME=shop\nDEPLOY_HEALTHCHECK_ATTEMPTS=1\nDEPLOY_HEALTHCHECK_URL="${url} body={{version}}"\n${settings}\n`,
    },
  );
  let live = service('shop_api', { spec: { ...old, Labels: { changed: 'yes' } } });
  const swarm = {
    readServices: async () => [live],
    readNetworks: async () => [],
    readObjects: async () => [],
    readTasks: async () => [task({ serviceId: live.id })],
    readNodes: async () => [],
    updateService: async (_id: string, spec: ServiceSpec) => {
      live = { ...live, spec, update: { state: 'completed', message: '' } };
    },
  };
  const { signal } = new AbortController();
  return {
    release: read,
    tools: { swarm, log: silentLog, signal },
  } as unknown as RestoreContext;
}

test.each([
  ['the version before', records, 'it is v1', 'well'],
  ['still the new one', records, 'it is v2', 'RESTORE_UNHEALTHY'],
  ['any, when none is on record', [], 'it is something', 'well'],
])('a stack that was put back answers: %s', async (_what, kept, said, expected) => {
  answer = said;
  const outcome = await restoreTo(acting(), { before, records: kept, id: 'v2_1', left: [] }).then(
    () => 'well',
    ({ code }) => code,
  );
  expect(outcome).toBe(expected);
});

test('a health that cannot be asked for is no failure of the restore', async () => {
  const { release: read, tools } = acting();
  const url = { ...read.settings.DEPLOY_HEALTHCHECK_URL[0], url: 'http://nowhere.invalid/' };
  const settings = { ...read.settings, DEPLOY_HEALTHCHECK_URL: [url] };
  const warn = vi.fn();
  const restoring = {
    release: { ...read, settings },
    tools: { ...tools, log: { ...silentLog, warn } },
  } as never;
  await restoreTo(restoring, { before, records, id: 'v2_1', left: [] });
  expect(warn).toHaveBeenCalledWith(expect.stringContaining('the health of the restored version is unknown'));
});

test('does not bake the restored version', { timeout: 120_000 }, async () => {
  answer = 'it is v1';
  const restoring = acting('DEPLOY_HEALTHCHECK_BAKE=600');
  await restoreTo(restoring, { before, records, id: 'v2_1', left: [] });
});

test.each([
  ['Docker refuses a change', 'DEPLOY_FAILED', 'RESTORE_FAILED'],
  ['the lock was taken away', 'LOCK_LOST', 'LOCK_LOST'],
] as const)('when %s, the code says what it means for the stack', async (_what, code, expected) => {
  const { release: read, tools } = acting();
  const readObjects = async () => {
    throw new DeployError(code, 'no');
  };
  const refused = { release: read, tools: { ...tools, swarm: { ...tools.swarm, readObjects } } };
  const back = { before, records, id: 'v2_1', left: [] };
  vi.useFakeTimers();
  try {
    const outcome = restoreTo(refused, back).catch((error) => error.code);
    await vi.advanceTimersByTimeAsync(120_000);
    expect(await outcome).toBe(expected);
  } finally {
    vi.useRealTimers();
  }
});

/** A manager that gives these answers, one after the other, and then stays with the last. */
function withManager(answers: readonly number[]) {
  const { release: read, tools } = acting();
  let asked = 0;
  const run = async () => ({
    exitCode: answers[Math.min(asked++, answers.length - 1)],
    stdout: '',
    stderr: 'no',
  });
  const info = vi.fn();
  const updateService = vi.fn(tools.swarm.updateService);
  const log = { ...silentLog, info };
  const hosts = [{ address: 'm1', remote: { run } }];
  const restoring = {
    release: read,
    tools: { ...tools, log, hosts, swarm: { ...tools.swarm, updateService } },
  };
  return { restoring: restoring as unknown as RestoreContext, info, updateService };
}
const left = [{ address: 'm1', until: new Date(Date.now() + 600_000).toISOString() }];

test('the stack is not said to be back before a manager has been seen free of a command', async () => {
  const { restoring, info, updateService } = withManager([43]);
  answer = 'it is v1';
  const outcome = restoreTo(restoring, { before, records, id: 'v2_1', left }, 3_000).catch(
    (error) => error.code,
  );
  expect(await outcome).toBe('RESTORE_FAILED');
  expect(updateService, 'what can be put back is').toHaveBeenCalled();
  expect(info.mock.calls.flat().filter((line) => String(line).includes('is restored'))).toEqual([]);
});

test('once it has been seen free every version has moved on, also of what was as it is to be', async () => {
  const { restoring, info, updateService } = withManager([43, 0]);
  answer = 'it is v1';
  await restoreTo(restoring, { before, records, id: 'v2_1', left });
  expect(updateService.mock.calls.length).toBeGreaterThan(1);
  expect(info).toHaveBeenCalledWith('the stack is restored');
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { atCluster } from '../../src/pipeline/at-cluster.ts';
import { HEALTHY, Journal } from '../../src/pipeline/history/journal.ts';
import { newLock } from '../../src/pipeline/lock/take-lock.ts';
import type { RunContext } from '../../src/pipeline/run-context.ts';
import type { Holder } from '../../src/plan/records/lock.ts';
import { Secrecy } from '../../src/shared/mask.ts';
import { inputs } from '../fakes/inputs.ts';
import { fakeRecords } from '../fakes/records.ts';
import { EMPTY_SNAPSHOT } from '../fakes/swarm.ts';

const ada: Holder = { id: 'a1', who: 'ada@laptop', since: 'noon', what: 'deploy v2', isPerson: false };
const bob: Holder = { ...ada, id: 'b1', who: 'bob@laptop', since: 'one' };
const before = EMPTY_SNAPSHOT;
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'waggle-test-'));
  mkdirSync(join(root, 'deploy/secrets'), { recursive: true });
  const files = { ...inputs().texts, 'secrets/secret_key.txt': 'hunter2-key' };
  for (const [file, text] of Object.entries(files))
    writeFileSync(join(root, 'deploy', file), text, { mode: 0o600 });
});
afterEach(() => rmSync(root, { recursive: true }));

/** A cluster in which a run of Ada's left its journal, or did not, and somebody has the lock. */
async function scene(isOpen: boolean, holder: Holder | undefined) {
  const swarm = fakeRecords();
  const read = vi.spyOn(swarm, 'readRecords');
  const intent = { ...ada, id: 'v2_20261122000000', before, objects: [], templates: [] };
  const journal = isOpen ? await Journal.open(swarm, 'shop', intent) : undefined;
  if (holder) await swarm.createRecord(newLock('shop', holder));
  const log = { info: () => {}, warn: vi.fn(), error: () => {} };
  const connect = async () => ({ swarm, [Symbol.asyncDispose]: async () => {} });
  const git = Promise.resolve({ sha: 'abc1234', dirty: false, tracked: [] });
  const context = {
    root,
    git,
    environment: {},
    log,
    connect,
    secrecy: new Secrecy(),
  } as unknown as RunContext;
  return { context, log, read, swarm, journal };
}

const AT = 'at: record the running stack';
const STAYS = 'once it was to stay: the next deploy puts it on record';
const OF = 'the deploy of v2_20261122000000 by ada@laptop, begun noon,';

test.each([
  ['nothing was left', false, undefined, []],
  ['somebody else is at work', false, bob, []],
  ['nobody is at it', true, undefined, [`${OF} was interrupted ${AT}: \`waggle deploy\` asks`]],
  ['another is at work', true, bob, [`${OF} was interrupted ${AT}: \`waggle deploy\` asks`]],
  ['its lock is there', true, ada, [`${OF} is ${AT}, or was killed there: \`waggle status\` looks`]],
])('any command says that a run was killed, and asks once: %s', async (_what, isOpen, holder, said) => {
  const { context, log, read } = await scene(isOpen, holder);
  const count = await atCluster(
    context,
    undefined,
    async (_release, _tools, records) => (await records).length,
  );
  expect(count).toBe(Number(isOpen) + Number(holder !== undefined));
  expect(log.warn.mock.calls.flat().filter((line) => line.includes(' at: '))).toEqual(
    said.map((line) => expect.stringContaining(line)),
  );
  expect(read).toHaveBeenCalledOnce();
});

test('of one whose release is to stay nobody is asked', async () => {
  const { context, log, swarm, journal } = await scene(true, undefined);
  await journal?.reach(HEALTHY);
  await atCluster(context, undefined, async () => undefined);
  expect(log.warn.mock.calls.flat()).toContain(`${OF} was interrupted ${STAYS}`);
  for (const [id, record] of swarm.all) swarm.all.set(id, { ...record, data: Buffer.from('?') });
  await atCluster(context, undefined, async () => undefined);
  expect(log.warn.mock.calls.flat().at(-1)).toContain('cannot be read');
});

test('records that cannot be read keep nobody from a command that needs none', async () => {
  const { context, read } = await scene(true, undefined);
  read.mockRejectedValue(new Error('no leader'));
  expect(await atCluster(context, undefined, async () => 'done')).toBe('done');
  await expect(atCluster(context, undefined, async (_r, _t, records) => records)).rejects.toThrow(
    'no leader',
  );
});

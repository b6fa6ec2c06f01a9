import { randomBytes } from 'node:crypto';
import { expect, test, vi } from 'vitest';
import {
  describeInFull,
  findInterruptions,
  tellInterruptions,
} from '../../../src/pipeline/history/interruptions.ts';
import { ADOPTING, HEALTHY, Journal } from '../../../src/pipeline/history/journal.ts';
import type { JournalEntry } from '../../../src/pipeline/history/journal-entry.ts';
import { renderStored } from '../../../src/plan/records/stored.ts';
import type { SwarmRecord } from '../../../src/shared/swarm.ts';
import { fakeRecords } from '../../fakes/records.ts';

const intent: JournalEntry = {
  id: 'v2_20261122000000',
  who: 'ada@laptop',
  since: 'noon',
  before: {
    services: [],
    networks: [],
    used: [],
    templates: [],
    taskIds: new Set(['t1']),
    running: new Map([['shop_api', 2]]),
  },
  objects: [{ kind: 'secret', name: 'shop_key_v2' }],
  templates: [],
  plan: ['~ api: image 1 -> 2'],
};

async function opened(change: Partial<JournalEntry> = {}) {
  const swarm = fakeRecords();
  const journal = await Journal.open(swarm, 'shop', { ...intent, ...change });
  const steps = async () => findInterruptions(await swarm.readRecords('shop')).map(({ step }) => step);
  return { swarm, journal, steps };
}

test('what is reached is written when it is said to be', async () => {
  const { journal, steps } = await opened();
  expect(await steps()).toEqual(['record the running stack']);
  await journal.reach('deploy the stack');
  expect(await steps()).toEqual(['deploy the stack']);
  await journal.reach('deploy the stack');
  await journal.close();
  expect(await steps()).toEqual([]);
});

test('the version of its record is known before the first note', async () => {
  const records = fakeRecords();
  const seen: unknown[] = [];
  const journal = await Journal.open(
    {
      ...records,
      async createRecord(record) {
        const made = await records.createRecord(record);
        return made && { ...made, version: undefined };
      },
      relabelRecord(record, labels, onWritten) {
        seen.push(record.version);
        return records.relabelRecord(record, labels, onWritten);
      },
    },
    'shop',
    intent,
  );
  await journal.reach('deploy the stack');
  expect(seen).toEqual([expect.any(Number)]);
});

test('of several that are reached at once the last one is written, and all are told when', async () => {
  const { swarm, journal, steps } = await opened();
  const relabel = vi.spyOn(swarm, 'relabelRecord');
  await Promise.all(['one', 'two', 'three'].map((step) => journal.reach(step)));
  expect(await steps()).toEqual(['three']);
  expect(relabel).toHaveBeenCalledOnce();
});

test('a step that changes nothing is noted once it lasts, and keeps the next from nothing', async () => {
  const { swarm, journal, steps } = await opened();
  const relabel = vi.spyOn(swarm, 'relabelRecord');
  journal.pass('one');
  await journal.reach('two');
  expect(await steps()).toEqual(['two']);
  journal.pass('three');
  await vi.waitFor(async () => expect(await steps()).toEqual(['three']), 60_000);
  journal.pass('four');
  await journal.close();
  expect(relabel).toHaveBeenCalledTimes(2);
});

test('nobody waits for what comes after the note is accepted; the next note does', async () => {
  const { swarm, journal, steps } = await opened();
  const { relabelRecord } = swarm;
  let hear: () => void = () => {};
  const heard = new Promise<void>((done) => {
    hear = done;
  });
  vi.spyOn(swarm, 'relabelRecord').mockImplementationOnce(async (record, labels, onWritten) => {
    const changed = await relabelRecord(record, labels, onWritten);
    await heard;
    return changed;
  });
  await journal.reach('one');
  expect(await steps()).toEqual(['one']);
  const next = journal.reach('two');
  hear();
  await next;
  expect(await steps()).toEqual(['two']);
});

test('a note that could not be written is an error, for its own step alone', async () => {
  const { swarm, journal, steps } = await opened();
  vi.spyOn(swarm, 'relabelRecord').mockRejectedValueOnce(new Error('too few managers are online'));
  await expect(journal.reach('one')).rejects.toThrow('too few managers are online');
  await journal.reach('two');
  expect(await steps()).toEqual(['two']);
});

test('a note that was written although nobody heard of it keeps no other from being', async () => {
  const { swarm, journal, steps } = await opened();
  const { relabelRecord } = swarm;
  vi.spyOn(swarm, 'relabelRecord').mockImplementationOnce(async (record, labels) => {
    await relabelRecord(record, labels);
    throw new Error('the connection was lost');
  });
  await expect(journal.reach('one')).rejects.toThrow('lost');
  expect(await steps()).toEqual(['one']);
  await journal.reach('two');
  expect(await steps()).toEqual(['two']);
});

test('of a journal that is gone nothing can be written', async () => {
  const { swarm, journal } = await opened();
  swarm.all.clear();
  await expect(journal.reach('one')).rejects.toMatchObject({
    code: 'DEPLOY_FAILED',
    message: 'the journal of this run, shop.waggle.j.20261122000000, is gone',
  });
});

test('what was written comes back', async () => {
  const { swarm } = await opened();
  expect(findInterruptions([...swarm.all.values()])[0]?.intent).toEqual(intent);
});

const large = { stackFile: randomBytes(2_500_000).toString('base64') };

test.each([
  ['the first of its pieces', 1, 0],
  ['all but the first one, which is the last to be made', -1, 0],
  ['all', undefined, 1],
])('of a journal that is half written there is nothing to be settled: %s', async (_what, count, expected) => {
  const { swarm } = await opened(large);
  const records = [...swarm.all.values()];
  expect(records.length).toBeGreaterThan(2);
  expect(findInterruptions(records.slice(0, count))).toHaveLength(expected);
});

/** A journal of another version of Waggle. */
function stored(value: object): readonly SwarmRecord[] {
  const labels = { 'com.waggle.step': 'deploy the stack' };
  const { head } = renderStored({ stack: 'shop', name: 'shop.waggle.j.1', labels, value });
  return [{ ...head, id: 'c1', version: 1 }];
}

const written = {
  ...{ id: 'v2_1', who: 'ada@laptop', since: 'noon', objects: [] },
  ...{ services: [], networks: [], taskIds: [], running: [] },
};

test('what an older one has not written is not needed, what a newer one has is passed over', () => {
  const [found] = findInterruptions(stored({ ...written, mood: 'good' }));
  expect(found && describeInFull(found)).toEqual([
    'the deploy of v2_1 by ada@laptop, begun noon, was interrupted at: deploy the stack',
  ]);
});

test.each(['services', 'networks', 'objects', 'running'])(
  'without its %s nothing could be put back: it is not read',
  (field) => {
    const records = stored({ ...written, [field]: undefined });
    const said = `the journal shop.waggle.j.1 of a run that was interrupted cannot be read: ${field}: `;
    expect(() => findInterruptions(records)).toThrow(said);
    expect(tellInterruptions(records, () => '')).toEqual([
      expect.stringMatching(new RegExp(`^${said}.*; another version`)),
    ]);
  },
);

test('a piece that is gone is said, and what to do', async () => {
  const { swarm } = await opened(large);
  const records = [...swarm.all.values()].slice(1);
  expect(() => findInterruptions(records)).toThrow(expect.objectContaining({ code: 'INTERRUPTED' }));
  const [said] = tellInterruptions(records, () => '');
  expect(said).toContain('cannot be read: pieces: found 2');
  expect(said).toContain('docker config rm shop.waggle.j.20261122000000');
});

test.each([
  ['deploy the stack', 'was interrupted at: deploy the stack'],
  [HEALTHY, 'was interrupted once it was to stay: the next deploy puts it on record'],
  [ADOPTING, 'was interrupted once it was to stay: the next deploy puts it on record'],
])('it is told with what it was to change: %s', async (step, said) => {
  const { swarm, journal } = await opened();
  await journal.reach(step);
  const [found] = findInterruptions([...swarm.all.values()]);
  expect(found && describeInFull(found)).toEqual([
    `the deploy of v2_20261122000000 by ada@laptop, begun noon, ${said}`,
    'it was to change:',
    '~ api: image 1 -> 2',
  ]);
});

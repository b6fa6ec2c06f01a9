import { RECORD_LABEL } from '../../src/plan/labels.ts';
import type { ReleaseRecord } from '../../src/plan/records/release-record.ts';
import { type RecordInput, renderStored } from '../../src/plan/records/stored.ts';
import type { NewRecord, SwarmRecord, SwarmRecords } from '../../src/shared/swarm.ts';

/** Records as a Swarm keeps them: a name is given once, labels change only for who knows the version. */
export function fakeRecords(): SwarmRecords & { readonly all: Map<string, SwarmRecord> } {
  const all = new Map<string, SwarmRecord>();
  let count = 0;
  return {
    all,
    async readRecords(stack) {
      return [...all.values()].filter(
        ({ labels }) => RECORD_LABEL in labels && (stack === undefined || labels[RECORD_LABEL] === stack),
      );
    },
    async createRecord(record: NewRecord) {
      if ([...all.values()].some(({ name }) => name === record.name)) return undefined;
      const made = { ...record, id: `c${++count}`, version: ++count };
      all.set(made.id, made);
      return made;
    },
    async readVersion({ id }) {
      return all.get(id)?.version;
    },
    async relabelRecord({ id, version }, labels, onWritten) {
      const found = all.get(id);
      if (!found || found.version !== version) return undefined;
      const changed = { ...found, labels, version: ++count };
      all.set(id, changed);
      onWritten?.();
      return changed;
    },
    async removeRecord(id) {
      all.delete(id);
    },
  };
}

/** As the cluster keeps it: the first piece last. */
export function storedAs(storing: RecordInput): SwarmRecord[] {
  const { head, rest } = renderStored(storing);
  return [...rest, head].map((record) => ({ ...record, id: `id-${record.name}`, version: 1 }));
}

export function releaseRecord(number: number, change: Partial<ReleaseRecord> = {}): ReleaseRecord {
  return {
    number,
    stack: 'shop',
    id: `v${number}_20261121000000`,
    tag: `v${number}`,
    who: 'ada@laptop',
    since: '2026-11-21T21:54:49.756Z',
    seconds: 31,
    result: 'deployed',
    stackFile: 'services: {}\n',
    templates: [],
    services: [{ Name: 'shop_api', TaskTemplate: { ContainerSpec: { Image: 'r.io/api:1@sha256:aa' } } }],
    networks: [],
    ...change,
  };
}

/** One whose stack was put back. */
export const failedRecord = (number: number) =>
  releaseRecord(number, { result: 'UNHEALTHY', failure: 'it does not answer', services: [] });

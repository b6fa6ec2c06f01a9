import { expect, test } from 'vitest';
import type { SwarmRecord } from '../../src/shared/swarm.ts';
import { swarmRecords } from '../../src/swarm/records.ts';

interface Spec {
  readonly Name: string;
  readonly Labels: Record<string, string>;
}

/** Docker's configs: a change is taken only from who knows the version. */
function docker() {
  const configs: { ID: string; Version: { Index: number }; Spec: Spec }[] = [];
  const find = (id: string) => {
    const found = configs.find(({ ID, Spec: { Name } }) => [ID, Name].includes(id));
    if (!found) throw Object.assign(new Error('not found'), { statusCode: 404 });
    return found;
  };
  return {
    async createConfig(spec: Spec) {
      configs.push({ ID: `c${configs.length}`, Version: { Index: 1 }, Spec: spec });
      return { id: `c${configs.length - 1}` };
    },
    getConfig: (id: string) => ({
      inspect: async () => structuredClone(find(id)),
      async update({ _query, _body }: { _query: { version: number }; _body: Spec }) {
        const found = find(id);
        if (found.Version.Index !== _query.version)
          throw Object.assign(new Error('out of sequence'), { statusCode: 500 });
        found.Version.Index++;
        found.Spec = { ...found.Spec, Labels: _body.Labels };
      },
    }),
  };
}

async function scene() {
  const cluster = docker();
  const records = swarmRecords(cluster as never);
  const name = 'shop.waggle.lock';
  const made = (await records.createRecord({
    name,
    labels: { by: 'ada' },
    data: Buffer.of(),
  })) as SwarmRecord;
  return { cluster, records, made };
}

test('who made a record may change it, and go on', async () => {
  const { records, made } = await scene();
  const first = await records.relabelRecord(made, { by: 'ada', beat: '1' });
  expect(first?.labels).toEqual({ by: 'ada', beat: '1' });
  expect((await records.relabelRecord(first as SwarmRecord, { by: 'ada', beat: '2' }))?.version).toBe(3);
});

test('what another changed since it was made, or last seen, is not taken back', async () => {
  const { records, made } = await scene();
  const theirs = await records.relabelRecord(made, { by: 'eve' });
  expect(theirs).toBeDefined();
  expect(await records.relabelRecord(made, { by: 'ada', beat: '1' })).toBeUndefined();
  expect(await records.relabelRecord({ ...made, version: 1 }, { by: 'ada', beat: '1' })).toBeUndefined();
});

test('what another changes right after it was made is not taken back, either', async () => {
  const { cluster, records, made } = await scene();
  const version = await records.readVersion(made);
  const other = swarmRecords(cluster as never);
  expect(await other.relabelRecord(made, { by: 'eve' })).toBeDefined();
  expect(await records.relabelRecord({ ...made, version }, { by: 'ada', beat: '1' })).toBeUndefined();
  expect(await records.readVersion(made)).toBeUndefined();
});

test('whoever knows the version asks for nothing before the change', async () => {
  const { cluster, records, made } = await scene();
  const asked: string[] = [];
  const { getConfig } = cluster;
  cluster.getConfig = (id) => {
    const { inspect, update } = getConfig(id);
    const noting =
      <Given extends unknown[], Result>(what: string, ask: (...given: Given) => Result) =>
      (...given: Given) => {
        asked.push(what);
        return ask(...given);
      };
    return { inspect: noting('inspect', inspect), update: noting('update', update) };
  };
  const version = await records.readVersion(made);
  await records.relabelRecord({ ...made, version }, { by: 'ada', beat: '1' });
  expect(asked).toEqual(['inspect', 'update', 'inspect']);
});

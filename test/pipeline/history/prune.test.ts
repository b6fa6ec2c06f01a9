import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Intent } from '../../../src/pipeline/history/intent.ts';
import { findInterruptions } from '../../../src/pipeline/history/interruptions.ts';
import { Journal } from '../../../src/pipeline/history/journal.ts';
import { prune, readPruning } from '../../../src/pipeline/history/prune.ts';
import { removeStored, storeRecord } from '../../../src/pipeline/history/store.ts';
import type { Restoring } from '../../../src/pipeline/step.ts';
import { KEY_LABEL, STACK_LABEL } from '../../../src/plan/labels.ts';
import { nextNumber, parseReleases, renderRelease } from '../../../src/plan/records/release-record.ts';
import type { ServiceSpec } from '../../../src/shared/service-spec.ts';
import type { Swarm, SwarmObject } from '../../../src/shared/swarm.ts';
import { release } from '../../fakes/inputs.ts';
import { fakeRecords } from '../../fakes/records.ts';
import { service } from '../../fakes/swarm.ts';

/** A stack of one service with one secret, and the history that the cluster keeps of it. */
class World {
  readonly records = fakeRecords();
  readonly secrets = new Map<string, SwarmObject>();
  live: ServiceSpec | undefined;
  previous: ServiceSpec | undefined;
  #count = 0;

  get acting(): Restoring {
    const read = release();
    const swarm = {
      ...this.records,
      readServices: async () =>
        this.live ? [service('shop_api', { spec: this.live, previousSpec: this.previous })] : [],
      readObjects: async (kind: string) => (kind === 'secret' ? [...this.secrets.values()] : []),
      removeObject: async (_kind: string, name: string) => void this.secrets.delete(name),
    } as unknown as Swarm;
    const settings = { ...read.settings, RELEASES_KEEP: 3, SECRET_KEEP_VERSIONS: 1 };
    const log = { info: () => {} };
    return { release: { ...read, stack: 'shop', settings }, tools: { swarm, log } } as unknown as Restoring;
  }

  /** What any spec names that somebody may want to come back to. */
  async named(): Promise<readonly string[]> {
    const records = await this.records.readRecords('shop');
    const specs = [
      this.live,
      this.previous,
      ...parseReleases(records).flatMap(({ services }) => services),
      ...findInterruptions(records).flatMap(({ intent }) => intent.before.services.map(({ spec }) => spec)),
    ];
    const made = findInterruptions(records).flatMap(({ intent }) => intent.objects);
    return [
      ...made.map(({ name }) => name),
      ...specs.flatMap((spec) =>
        (spec?.TaskTemplate?.ContainerSpec?.Secrets ?? []).map(({ SecretName = '' }) => SecretName),
      ),
    ];
  }

  makeSecret(): string {
    const at = String(++this.#count).padStart(4, '0');
    const labels = { [STACK_LABEL]: 'shop', [KEY_LABEL]: 'key' };
    this.secrets.set(`key_${at}`, { id: at, name: `key_${at}`, labels, createdAt: at });
    return `key_${at}`;
  }

  become(spec: ServiceSpec | undefined): void {
    // A service that is removed takes its previous spec with it.
    [this.previous, this.live] = [spec && this.live, spec];
  }

  async record(services: readonly ServiceSpec[], result = 'deployed'): Promise<void> {
    const records = await this.records.readRecords('shop');
    const number = nextNumber(records);
    const told = { who: 'ada', since: '', seconds: 1, stackFile: '', networks: [] };
    const id = `v${number}`;
    await storeRecord(
      this.records,
      renderRelease({ ...told, number, stack: 'shop', id, tag: id, result, services }),
    );
  }

  /** Of a run that makes this secret; what an earlier one began it goes on from. */
  async openJournal(made: string): Promise<void> {
    const records = await this.records.readRecords('shop');
    const open = findInterruptions(records);
    const services = this.live ? [service('shop_api', { spec: this.live })] : [];
    const now = { services, networks: [], used: [], taskIds: new Set<string>(), running: new Map() };
    const before = open[0]?.intent.before ?? now;
    const own = { kind: 'secret', name: made } as const;
    const objects = [own, ...open.flatMap(({ intent }) => intent.objects)];
    const id = `v_${String(++this.#count).padStart(14, '0')}`;
    await Journal.open(this.records, 'shop', { id, who: 'ada', since: '', before, objects });
    for (const { record } of open) await removeStored(this.records, record, records);
  }

  /** As the next run does with what a killed one left: what was before comes back, or what is now stays. */
  async settle(isBack: boolean): Promise<void> {
    const records = await this.records.readRecords('shop');
    for (const { record, intent } of findInterruptions(records)) {
      if (isBack) this.takeBack(intent);
      await removeStored(this.records, record, records);
    }
  }

  /** Swarm remembers the spec that was tried; its secrets are gone with the run that made them. */
  takeBack({ before, objects }: Intent): void {
    this.become(before.services[0]?.spec);
    this.previous = this.live;
    for (const { name } of objects) this.secrets.delete(name);
  }

  async prune(): Promise<void> {
    await prune(this.acting, await readPruning(this.acting));
  }
}

const naming = (secret: string): ServiceSpec => ({
  Name: 'shop_api',
  TaskTemplate: { ContainerSpec: { Secrets: [{ SecretName: secret }] } },
});

type Action = (world: World, pick: number) => Promise<void>;

/** What begins anew has first settled what was left. */
const settled =
  (act: Action): Action =>
  async (world, pick) => {
    await world.settle(pick % 2 === 0);
    await act(world, pick);
  };

/** Each does what the command of that name does, in its order. */
const ACTIONS: Readonly<Record<string, Action>> = {
  deploy: settled(async (world) => {
    const spec = naming(world.makeSecret());
    world.become(spec);
    await world.record([spec]);
    await world.prune();
  }),
  redeploy: settled(async (world) => {
    if (!world.live) return;
    world.become(world.live);
    await world.record([world.live]);
    await world.prune();
  }),
  fail: settled(async (world) => {
    const [before, made] = [world.live, world.makeSecret()];
    world.become(naming(made));
    world.become(before);
    world.secrets.delete(made);
    // Swarm remembers the spec that was tried; its secret is gone with the deploy that made it.
    world.previous = before;
    await world.record([], 'UNHEALTHY');
  }),
  async kill(world, pick) {
    const made = world.makeSecret();
    await world.openJournal(made);
    if (pick % 2 === 0) world.become(naming(made));
  },
  takeBack: (world) => world.settle(true),
  adopt: (world) => world.settle(false),
  rollback: settled(async (world, pick) => {
    const kept = parseReleases(await world.records.readRecords('shop')).filter(
      ({ services }) => services.length > 0,
    );
    const [spec] = kept[pick % Math.max(1, kept.length)]?.services ?? [];
    if (!spec) return;
    world.become(spec);
    await world.record([spec]);
    await world.prune();
  }),
  prune: (world) => world.prune(),
};

test('whatever happens in whatever order, no secret goes that something names, and few others stay', async () => {
  const step = fc.record({ name: fc.constantFrom(...Object.keys(ACTIONS)), pick: fc.nat(9) });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const world = new World();
      for (const { name, pick } of steps) {
        await ACTIONS[name]?.(world, pick);
        expect([...world.secrets.keys()], name).toEqual(expect.arrayContaining([...(await world.named())]));
      }
      await world.prune();
      const named = await world.named();
      const others = [...world.secrets.keys()].filter((secret) => !named.includes(secret));
      expect(others.length).toBeLessThanOrEqual(1);
      const kept = parseReleases(await world.records.readRecords('shop'));
      expect(kept.length).toBeLessThanOrEqual(6);
    }),
  );
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findInterruptions } from '../../../src/pipeline/history/interruptions.ts';
import { Journal } from '../../../src/pipeline/history/journal.ts';
import type { JournalEntry } from '../../../src/pipeline/history/journal-entry.ts';
import { prune, readPruning } from '../../../src/pipeline/history/prune.ts';
import { removeStored, storeRecord } from '../../../src/pipeline/history/store.ts';
import type { RestoreContext } from '../../../src/pipeline/step.ts';
import { KEY_LABEL, STACK_LABEL } from '../../../src/plan/labels.ts';
import { findRunning } from '../../../src/plan/records/find-release.ts';
import { judgeAudit } from '../../../src/plan/records/judge-audit.ts';
import {
  lastHash,
  nextNumber,
  parseReleases,
  renderRelease,
} from '../../../src/plan/records/release-record.ts';
import type { ServiceSpec } from '../../../src/shared/service-spec.ts';
import type { Swarm, SwarmObject, SwarmRecord, SwarmService } from '../../../src/shared/swarm.ts';
import { release } from '../../fakes/inputs.ts';
import { fakeRecords } from '../../fakes/records.ts';
import { service } from '../../fakes/swarm.ts';

type Versions = Record<'secret' | 'config', Map<string, SwarmObject>>;

interface Keeping {
  readonly releases: number;
  readonly versions: number;
}

/** What the stacks of a cluster have in common. */
class Cluster {
  readonly records = fakeRecords();
  readonly objects: Versions = { secret: new Map(), config: new Map() };
  readonly worlds: World[] = [];
  count = 0;

  /** What any spec of any stack names that somebody may want to come back to, and what a killed run has made. */
  async named(): Promise<Record<keyof Versions, readonly string[]>> {
    const all = await Promise.all(this.worlds.map((context) => context.named()));
    return {
      secret: all.flatMap(({ secret }) => secret),
      config: all.flatMap(({ config }) => config),
    };
  }
}

/** What one deploy makes: a version of the secret, and one of the config. */
type Made = Readonly<Record<keyof Versions, string>>;
const KINDS = ['secret', 'config'] as const;

/** A stack of one service with one secret and one config, and the history that the cluster keeps of it. */
class World {
  live: ServiceSpec | undefined;
  previous: ServiceSpec | undefined;
  readonly #cluster: Cluster;
  readonly #stack: string;
  readonly #keep: Keeping;

  constructor(cluster: Cluster, stack: string, keep: Keeping) {
    this.#cluster = cluster;
    this.#stack = stack;
    this.#keep = keep;
    cluster.worlds.push(this);
  }

  get services(): readonly SwarmService[] {
    return this.live ? [service(this.#name, { spec: this.live, previousSpec: this.previous })] : [];
  }

  get acting(): RestoreContext {
    const read = release();
    const { records, objects } = this.#cluster;
    const swarm = {
      ...records,
      readServices: async () => this.#cluster.worlds.flatMap(({ services }) => services),
      readObjects: async (kind: keyof Versions) => [...objects[kind].values()],
      removeObject: async (kind: keyof Versions, name: string) => void objects[kind].delete(name),
    } as unknown as Swarm;
    const { releases, versions } = this.#keep;
    const settings = { ...read.settings, RELEASES_KEEP: releases, SECRET_KEEP_VERSIONS: versions };
    const log = { info: () => {} };
    return {
      release: { ...read, stack: this.#stack, settings },
      tools: { swarm, log },
    } as unknown as RestoreContext;
  }

  get #name(): string {
    return `${this.#stack}_api`;
  }

  readRecords(): Promise<readonly SwarmRecord[]> {
    return this.#cluster.records.readRecords(this.#stack);
  }

  /** Of this stack, the oldest first. */
  versionsOf(kind: keyof Versions): readonly string[] {
    const all = [...this.#cluster.objects[kind].values()];
    return all.filter(({ labels }) => labels[STACK_LABEL] === this.#stack).map(({ name }) => name);
  }

  /** What any spec names that somebody may want to come back to, and what a run that was killed has made. */
  async named(): Promise<Record<keyof Versions, readonly string[]>> {
    const records = await this.readRecords();
    const open = findInterruptions(records);
    const specs = [
      this.live,
      this.previous,
      ...parseReleases(records).flatMap(({ services }) => services),
      ...open.flatMap(({ intent }) => intent.before.services.map(({ spec }) => spec)),
    ];
    const containers = specs.flatMap((spec) => spec?.TaskTemplate?.ContainerSpec ?? []);
    const made = (of: keyof Versions) =>
      open.flatMap(({ intent }) => intent.objects.flatMap(({ kind, name }) => (kind === of ? [name] : [])));
    const secrets = containers.flatMap(({ Secrets = [] }) =>
      Secrets.map(({ SecretName = '' }) => SecretName),
    );
    const configs = containers.flatMap(({ Configs = [] }) =>
      Configs.map(({ ConfigName = '' }) => ConfigName),
    );
    return { secret: [...secrets, ...made('secret')], config: [...configs, ...made('config')] };
  }

  /** After `what`. */
  async requireNamed(what: string): Promise<void> {
    const named = await this.#cluster.named();
    for (const kind of KINDS)
      expect(this.versionsOf(kind), what).toEqual(expect.arrayContaining([...this.#ownOf(named[kind])]));
  }

  #ownOf(names: readonly string[]): readonly string[] {
    return names.filter((name) => name.startsWith(`${this.#stack}_`));
  }

  make(): Made {
    const at = String(++this.#cluster.count).padStart(4, '0');
    const named = (kind: keyof Versions) => {
      const labels = { [STACK_LABEL]: this.#stack, [KEY_LABEL]: kind };
      const name = `${this.#stack}_${kind}_${at}`;
      this.#cluster.objects[kind].set(name, { id: at, name, labels, createdAt: at });
      return name;
    };
    return { secret: named('secret'), config: named('config') };
  }

  /** Versions that releases of other stacks name. */
  async offered(): Promise<readonly Made[]> {
    const others = this.#cluster.worlds.filter((context) => context !== this);
    const records = await Promise.all(others.map((context) => context.readRecords()));
    return records
      .flatMap((some) => parseReleases(some))
      .flatMap(({ services }) => services)
      .flatMap(({ TaskTemplate }) => {
        const { Secrets = [], Configs = [] } = TaskTemplate?.ContainerSpec ?? {};
        return { secret: Secrets[0]?.SecretName ?? '', config: Configs[0]?.ConfigName ?? '' };
      });
  }

  unmake(objects: JournalEntry['objects']): void {
    for (const { kind, name } of objects) this.#cluster.objects[kind].delete(name);
  }

  naming({ secret, config }: Made): ServiceSpec {
    const container = { Secrets: [{ SecretName: secret }], Configs: [{ ConfigName: config }] };
    return { Name: this.#name, TaskTemplate: { ContainerSpec: container } };
  }

  become(spec: ServiceSpec | undefined): void {
    // A service that is removed takes its previous spec with it.
    [this.previous, this.live] = [spec && this.live, spec];
  }

  async record(services: readonly ServiceSpec[], result = 'deployed'): Promise<void> {
    const records = await this.readRecords();
    const number = nextNumber(records);
    const told = { who: 'ada', since: '', seconds: 1, stackFile: '', templates: [], networks: [] };
    const id = `v${number}`;
    const previousHash = lastHash(records);
    await storeRecord(
      this.#cluster.records,
      renderRelease({ ...told, number, stack: this.#stack, id, tag: id, result, services, previousHash }),
    );
  }

  /** Of a run that makes these; what an earlier one began it goes on from. */
  async openJournal(made: Made): Promise<void> {
    const records = await this.readRecords();
    const open = findInterruptions(records);
    const services = this.live ? [service(this.#name, { spec: this.live })] : [];
    const now = {
      services,
      networks: [],
      used: [],
      templates: [],
      taskIds: new Set<string>(),
      running: new Map(),
    };
    const before = open[0]?.intent.before ?? now;
    const own = KINDS.map((kind) => ({ kind, name: made[kind] }));
    const objects = [...own, ...open.flatMap(({ intent }) => intent.objects)];
    const id = `v_${String(++this.#cluster.count).padStart(14, '0')}`;
    const swarm = this.#cluster.records;
    await Journal.open(swarm, this.#stack, { id, who: 'ada', since: '', before, objects, templates: [] });
    for (const { record } of open) await removeStored(swarm, record, records);
  }

  /** As the next run does with what a killed one left: what was before comes back, or what is now stays. */
  async settle(isBack: boolean): Promise<void> {
    const records = await this.readRecords();
    for (const { record, intent } of findInterruptions(records)) {
      if (isBack) this.takeBack(intent);
      else if (this.live) await this.record([this.live], 'adopted');
      await removeStored(this.#cluster.records, record, records);
    }
  }

  /** Swarm remembers the spec that was tried; its secrets are gone with the run that made them. */
  takeBack({ before, objects }: JournalEntry): void {
    this.become(before.services[0]?.spec);
    this.previous = this.live;
    this.unmake(objects);
  }

  /** Beside what is named the newest stay, of versions and of releases: no more, and no fewer. */
  async prune(): Promise<void> {
    const { versions, releases } = this.#keep;
    const running = findRunning(parseReleases(await this.readRecords()));
    const newest = KINDS.map((kind) => this.versionsOf(kind).slice(-versions));
    await prune(this.acting, await readPruning(this.acting));
    const named = await this.#cluster.named();
    for (const [at, kind] of KINDS.entries()) {
      const left = this.versionsOf(kind);
      expect(left).toEqual(expect.arrayContaining([...(newest[at] ?? [])]));
      const others = left.filter((name) => !named[kind].includes(name));
      expect(others.length).toBeLessThanOrEqual(versions);
    }
    const records = await this.readRecords();
    const kept = parseReleases(records);
    expect(kept.filter(({ services }) => services.length > 0).length).toBeLessThanOrEqual(releases);
    expect(kept.filter(({ services }) => services.length === 0).length).toBeLessThanOrEqual(releases);
    expect(findRunning(kept)).toEqual(running);
    expect(judgeAudit(records)).toMatchObject({ broken: [], lost: [] });
  }
}

type Action = (context: World, pick: number) => Promise<void>;

/** What begins anew has first settled what was left. */
const settled =
  (act: Action): Action =>
  async (context, pick) => {
    await context.settle(pick % 2 === 0);
    await act(context, pick);
  };

/** Each does what the command of that name does, in its order. */
const ACTIONS: Readonly<Record<string, Action>> = {
  deploy: settled(async (context) => {
    const spec = context.naming(context.make());
    context.become(spec);
    await context.record([spec]);
    await context.prune();
  }),
  redeploy: settled(async (context) => {
    if (!context.live) return;
    context.become(context.live);
    await context.record([context.live]);
    await context.prune();
  }),
  fail: settled(async (context) => {
    const [before, made] = [context.live, context.make()];
    context.become(context.naming(made));
    context.become(before);
    context.unmake(KINDS.map((kind) => ({ kind, name: made[kind] })));
    // Swarm remembers the spec that was tried; its secret is gone with the deploy that made it.
    context.previous = before;
    await context.record([], 'UNHEALTHY');
  }),
  leave: settled(async (context) => {
    const spec = context.naming(context.make());
    context.become(spec);
    await context.record([spec], 'HEALTH_UNKNOWN');
  }),
  async kill(context, pick) {
    const made = context.make();
    await context.openJournal(made);
    if (pick % 2 === 0) context.become(context.naming(made));
  },
  takeBack: (context) => context.settle(true),
  adopt: (context) => context.settle(false),
  rollback: settled(async (context, pick) => {
    const kept = parseReleases(await context.readRecords()).filter(({ services }) => services.length > 0);
    const [spec] = kept[pick % Math.max(1, kept.length)]?.services ?? [];
    if (!spec) return;
    context.become(spec);
    await context.record([spec]);
    await context.prune();
  }),
  borrow: settled(async (context, pick) => {
    const theirs = await context.offered();
    const made = theirs[pick % Math.max(1, theirs.length)];
    if (!made) return;
    const spec = context.naming(made);
    context.become(spec);
    await context.record([spec]);
    await context.prune();
  }),
  async byHand(context, pick) {
    const [secret, config] = KINDS.map((kind) => context.versionsOf(kind)).map(
      (all) => all[pick % all.length],
    );
    if (secret && config) context.become(context.naming({ secret, config }));
  },
  prune: (context) => context.prune(),
};
/** More often than others: what only an open journal names is safe. */
const NAMES = [...Object.keys(ACTIONS), 'kill', 'kill', 'prune', 'borrow'];

/** One's name begins as the other's does. */
const STACKS = ['shop', 'shop-two'] as const;

/** What ran when the first of two runs was killed is in no release, and in no previous spec. */
const ONLY_IN_JOURNAL = ['deploy', 'deploy', 'byHand', 'kill', 'kill', 'prune'].map((name) => ({
  ...{ name, of: STACKS[0], pick: 0 },
}));

/** Only the release that is kept of another stack names it, which runs something else by now. */
const ONLY_IN_ANOTHER = [
  { name: 'deploy', of: STACKS[0], pick: 0 },
  { name: 'borrow', of: STACKS[1], pick: 0 },
  { name: 'deploy', of: STACKS[1], pick: 0 },
  { name: 'deploy', of: STACKS[1], pick: 0 },
  ...['deploy', 'deploy', 'deploy', 'deploy'].map((name) => ({ name, of: STACKS[0], pick: 0 })),
];

test('whatever happens in whatever order, no secret and no config goes that something names, and few others stay', async () => {
  const step = fc.record({
    name: fc.constantFrom(...NAMES),
    // One has a longer history than the other.
    of: fc.constantFrom(...STACKS, STACKS[0], STACKS[0]),
    pick: fc.nat(9),
  });
  const keep = fc.constantFrom<Keeping>(
    { releases: 3, versions: 1 },
    { releases: 1, versions: 1 },
    { releases: 2, versions: 3 },
  );
  const steps = fc.array(step, { maxLength: 25, size: 'max' });
  await fc.assert(
    fc.asyncProperty(steps, keep, async (happening, keeping) => {
      const cluster = new Cluster();
      const [one, other] = STACKS.map((stack) => new World(cluster, stack, keeping)) as [World, World];
      for (const { name, of, pick } of happening) {
        const context = of === STACKS[0] ? one : other;
        await ACTIONS[name]?.(context, pick);
        await context.requireNamed(name);
      }
      for (const context of [one, other]) {
        await context.requireNamed('the other stack');
        await context.prune();
      }
    }),
    {
      examples: [
        [ONLY_IN_JOURNAL, { releases: 1, versions: 1 }],
        [ONLY_IN_ANOTHER, { releases: 3, versions: 1 }],
      ],
    },
  );
});

test('a record that cannot be read, of whichever stack, keeps what it may name; the rest is done', async () => {
  const cluster = new Cluster();
  const keeping = { releases: 1, versions: 1 };
  const [one, other] = STACKS.map((stack) => new World(cluster, stack, keeping)) as [World, World];
  for (const context of [one, one, other]) {
    const spec = context.naming(context.make());
    context.become(spec);
    await context.record([spec]);
  }
  one.become(one.live);
  const before = one.versionsOf('secret');
  const [theirs] = await other.readRecords();
  cluster.records.all.set(theirs?.id ?? '', { ...(theirs as SwarmRecord), data: Buffer.from('{}') });
  const pruning = await readPruning(one.acting);
  const named = expect.stringContaining(`docker config rm ${theirs?.name}`);
  await expect(prune(one.acting, pruning)).rejects.toMatchObject({ code: 'AUDIT_FAILED', hint: named });
  expect(one.versionsOf('secret')).toEqual(before);
  expect(pruning.objects.at(-1)?.why).toContain(theirs?.name);
  expect(parseReleases(await one.readRecords()).map(({ number }) => number)).toEqual([2]);
  cluster.records.all.delete(theirs?.id ?? '');
  await prune(one.acting, await readPruning(one.acting));
  expect(one.versionsOf('secret')).toEqual(before.slice(-1));
});

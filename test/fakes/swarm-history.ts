import type { ServiceSpec } from '../../src/shared/service-spec.ts';
import type { SwarmService, SwarmTask } from '../../src/shared/swarm.ts';
import { service, task } from './swarm.ts';

/** What becomes of one task of the new spec; times in seconds. */
export interface Fate {
  /** Until it runs; or until it is rejected. */
  readonly begins: number;
  readonly end: 'none' | 'complete' | 'failed' | 'rejected';
  /** For so long it runs before that. */
  readonly lasts: number;
}

/** A rollout of one service, of `places` slots or nodes, and all that decides its history. */
export interface Rollout {
  readonly mode: 'replicated' | 'global' | 'replicated-job';
  readonly isNew: boolean;
  readonly places: number;
  readonly condition: 'any' | 'on-failure' | 'none';
  /** 0: without end. */
  readonly attempts: number;
  /** In seconds, in which the attempts are counted; 0: for ever. */
  readonly window: number;
  readonly action: 'pause' | 'rollback' | 'continue';
  readonly parallelism: number;
  readonly monitor: number;
  /** In the order in which the tasks are made; those after the last run on. */
  readonly fates: readonly Fate[];
}

interface Live {
  readonly place: number;
  readonly born: number;
  readonly fate: Fate;
  readonly id: string;
  state: string;
  desired: string;
  since: number;
}

const SECOND = 1e9;
/** Between the end of a task and the begin of the next one in its place. */
const RESTART_DELAY = 2;
const RUNS_ON: Fate = { begins: 1, end: 'none', lasts: 0 };
const ENDED = ['complete', 'failed', 'rejected'];

/** A model of what swarmkit's orchestrator, updater and restart supervisor do, a second at a time. */
export class SwarmHistory {
  readonly rollout: Rollout;
  readonly #tasks: Live[] = [];
  /** Places that still run the old spec. */
  readonly #old: Set<number>;
  readonly #restarts = new Map<number, number[]>();
  #update: string | undefined;
  #now = 0;

  constructor(rollout: Rollout) {
    this.rollout = rollout;
    const places = Array.from({ length: rollout.places }, (_, at) => at);
    this.#old = new Set(rollout.isNew || rollout.mode === 'replicated-job' ? [] : places);
  }

  get now(): number {
    return this.#now;
  }

  /** One second. */
  step(): void {
    this.#now++;
    const { isNew, mode, places } = this.rollout;
    const isBegun = this.#tasks.length > 0 || this.#update !== undefined;
    if (!isBegun && (isNew || mode === 'replicated-job'))
      for (let place = 0; place < places; place++) this.#make(place, 'running');
    else if (!isBegun) this.#update = 'updating';
    for (const one of [...this.#tasks]) this.#live(one);
    if (this.#update === 'updating') this.#goOn();
  }

  look(): { readonly service: SwarmService; readonly tasks: readonly SwarmTask[] } {
    const { mode, places } = this.rollout;
    const counted = this.#tasks.filter(({ desired }) => desired === 'running').length + this.#old.size;
    return {
      service: service('a', {
        spec: this.#spec(),
        update: this.#update === undefined ? undefined : { state: this.#update, message: 'why' },
        wanted: mode === 'global' ? counted : places,
      }),
      tasks: this.#tasks.map(({ id, place, state, desired, since }) =>
        task({
          id,
          slot: mode === 'global' ? 0 : place + 1,
          nodeId: mode === 'global' ? `n${place}` : 'n1',
          state,
          desiredState: desired,
          since: new Date(since * 1000).toISOString(),
        }),
      ),
    };
  }

  /** How many places have what they are to have, by the history alone. */
  get good(): number {
    const isDone = ({ state }: Live) => state === 'complete' && this.#endsByItself;
    const runs = ({ state, desired }: Live) =>
      state === 'running' && desired === 'running' && this.rollout.mode !== 'replicated-job';
    const good = this.#tasks.filter((one) => isDone(one) || runs(one));
    return new Set(good.map(({ place }) => place)).size;
  }

  /** Whether a place has, or will have, another task than those that ended. */
  hasFuture(place: number): boolean {
    const isAlive = this.#tasks.some((one) => one.place === place && !ENDED.includes(one.state));
    return isAlive || (this.#old.has(place) && ['updating', undefined].includes(this.#update));
  }

  mostEndedInOnePlace(): number {
    const counts = Array.from(
      { length: this.rollout.places },
      (_, place) => this.#tasks.filter((one) => one.place === place && ENDED.includes(one.state)).length,
    );
    return Math.max(0, ...counts);
  }

  /** Nothing will change any more. */
  get isQuiet(): boolean {
    const rests = ({ state, fate }: Live) =>
      ENDED.includes(state) ||
      (state === 'running' && fate.end === 'none' && this.rollout.mode !== 'replicated-job');
    return this.#now > 0 && this.#update !== 'updating' && this.#tasks.every(rests);
  }

  get #endsByItself(): boolean {
    return this.rollout.mode === 'replicated-job' || this.rollout.condition !== 'any';
  }

  #make(place: number, desired: string): void {
    const fate = this.rollout.fates[this.#tasks.length] ?? RUNS_ON;
    const id = `t${this.#tasks.length}`;
    this.#tasks.push({ id, place, fate, born: this.#now, state: 'new', desired, since: this.#now });
  }

  #live(one: Live): void {
    if (ENDED.includes(one.state)) return;
    const delay = one.desired === 'ready' ? RESTART_DELAY : 0;
    const age = this.#now - one.born - delay;
    if (age >= 0) one.desired = 'running';
    const { begins, end, lasts } = one.fate;
    const ends = end === 'rejected' ? begins : begins + lasts;
    if (end !== 'none' && age >= ends) this.#end(one, end);
    else if (age >= begins && one.state !== 'running') this.#enter(one, 'running');
    else if (age < begins) this.#enter(one, one.desired === 'ready' ? 'ready' : 'preparing');
  }

  #enter(one: Live, state: string): void {
    if (one.state !== state) one.since = this.#now;
    one.state = state;
  }

  #end(one: Live, state: string): void {
    const ran = one.state === 'running' ? this.#now - one.since : 0;
    this.#enter(one, state);
    one.desired = 'shutdown';
    if (this.#update === 'updating' && ran <= this.rollout.monitor) this.#failUpdate();
    if (this.#isBegunAgain(one.place, state)) this.#make(one.place, 'ready');
  }

  #failUpdate(): void {
    const { action } = this.rollout;
    if (action !== 'continue') this.#update = action === 'pause' ? 'paused' : 'rollback_started';
  }

  #isBegunAgain(place: number, state: string): boolean {
    const { mode, condition, attempts, window } = this.rollout;
    const isWanted = mode === 'replicated-job' || condition === 'on-failure' ? state !== 'complete' : true;
    if (condition === 'none' || !isWanted) return false;
    const all = this.#restarts.get(place) ?? [];
    const counted = window === 0 ? all : all.filter((at) => at >= this.#now - window);
    this.#restarts.set(place, [...counted, this.#now]);
    return attempts === 0 || counted.length < attempts;
  }

  /** The updater takes the next places when those before run, or have ended. */
  #goOn(): void {
    const underWay = this.#tasks.filter(({ state }) => state !== 'running' && !ENDED.includes(state)).length;
    for (const place of [...this.#old].slice(0, Math.max(0, this.rollout.parallelism - underWay))) {
      this.#old.delete(place);
      this.#make(place, 'running');
    }
    const isWatched = ({ state, since }: Live) =>
      ENDED.includes(state) || (state === 'running' && this.#now - since > this.rollout.monitor);
    if (this.#old.size === 0 && this.#tasks.every(isWatched)) this.#update = 'completed';
  }

  #spec(): ServiceSpec {
    const { mode, places, condition, attempts, window, action, monitor } = this.rollout;
    const modes = {
      replicated: { Replicated: { Replicas: places } },
      global: { Global: {} },
      'replicated-job': { ReplicatedJob: { TotalCompletions: places } },
    };
    return {
      Name: 'a',
      Mode: modes[mode],
      UpdateConfig: { FailureAction: action, Monitor: monitor * SECOND },
      TaskTemplate: {
        RestartPolicy: { Condition: condition, MaxAttempts: attempts, Window: window * SECOND },
      },
    } as ServiceSpec;
  }
}

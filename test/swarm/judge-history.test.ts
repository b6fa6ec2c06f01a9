import fc from 'fast-check';
import { expect, test } from 'vitest';
import { judgeService } from '../../src/swarm/judge-service.ts';
import { convergedState, stayStable } from '../../src/swarm/stay-stable.ts';
import { type Fate, type Rollout, SwarmHistory } from '../fakes/swarm-history.ts';

/** Whatever becomes of the tasks of a rollout: what is said of it is so. */
const fates = fc.array(
  fc.record<Fate>({
    begins: fc.integer({ min: 0, max: 4 }),
    end: fc.constantFrom('none', 'none', 'complete', 'failed', 'rejected'),
    lasts: fc.integer({ min: 0, max: 8 }),
  }),
  { maxLength: 12 },
);
const rollouts = fc.record<Rollout>({
  mode: fc.constantFrom('replicated', 'global', 'replicated-job'),
  isNew: fc.boolean(),
  places: fc.integer({ min: 1, max: 4 }),
  condition: fc.constantFrom('any', 'on-failure', 'none'),
  attempts: fc.integer({ min: 0, max: 4 }),
  window: fc.constantFrom(0, 3, 10),
  action: fc.constantFrom('pause', 'rollback', 'continue'),
  parallelism: fc.integer({ min: 1, max: 4 }),
  monitor: fc.integer({ min: 1, max: 5 }),
  fates,
});
const CRASH_LIMIT = 3;
const LONGEST = 400;

const judge = (history: SwarmHistory) => {
  const { service, tasks } = history.look();
  return { service, tasks, verdict: judgeService(service, tasks) };
};

test('never done unless all that are wanted run, of the new spec, or have ended as they are to', () => {
  const check = (rollout: Rollout) => {
    const history = new SwarmHistory(rollout);
    const isDone = stayStable(convergedState, new Set(), () => history.now * 1000);
    for (let at = 0; at < 60; at++) {
      if (isDone([judge(history)])) expect(history.good).toBe(rollout.places);
      history.step();
    }
  };
  fc.assert(fc.property(rollouts, check), { numRuns: 500 });
});

test('never given up while Swarm begins another task, unless three have ended in one place', () => {
  const check = (rollout: Rollout) => {
    const history = new SwarmHistory(rollout);
    for (let at = 0; at < 60; at++) {
      const { verdict, service } = judge(history);
      const places = Array.from({ length: rollout.places }, (_, place) => place);
      if (verdict.kind === 'failed' && history.mostEndedInOnePlace() < CRASH_LIMIT)
        expect(places.every((place) => history.hasFuture(place))).toBe(false);
      if (verdict.kind === 'paused') expect(service.update?.state).toBe('paused');
      if (verdict.kind === 'rolled-back') expect(service.update?.state).toBe('rollback_started');
      history.step();
    }
  };
  fc.assert(fc.property(rollouts, check), { numRuns: 500 });
});

test('once nothing changes any more it is known how it went: nobody waits for a deadline', () => {
  const check = (rollout: Rollout) => {
    const history = new SwarmHistory(rollout);
    for (let at = 0; at < LONGEST && !history.isQuiet; at++) history.step();
    if (!history.isQuiet) return;
    const { verdict, service } = judge(history);
    const isOver = !service.update?.state.startsWith('rollback');
    if (isOver && history.good === rollout.places) return;
    expect(['failed', 'paused', 'rolled-back']).toContain(verdict.kind);
  };
  fc.assert(fc.property(rollouts, check), { numRuns: 500 });
});

test('what goes well is called so', () => {
  const well = rollouts.map((rollout) => ({
    ...rollout,
    fates: rollout.fates.map((fate): Fate => ({ ...fate, end: 'none' })),
  }));
  const check = (rollout: Rollout) => {
    fc.pre(rollout.mode !== 'replicated-job');
    const history = new SwarmHistory(rollout);
    while (!history.isQuiet || history.good < rollout.places) {
      expect(['waiting', 'converged']).toContain(judge(history).verdict.kind);
      history.step();
    }
    expect(judge(history).verdict.kind).toBe('converged');
  };
  fc.assert(fc.property(well, check), { numRuns: 500 });
});

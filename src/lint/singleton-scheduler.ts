import { type Rule, settingsOf } from './rule.ts';

export const singletonScheduler: Rule = {
  id: 'singleton-scheduler',
  level: 'warning',
  reason: 'each replica of a worker whose scheduler has no leader election enqueues every daily job again',
  find: (scene) =>
    settingsOf(scene)
      .filter(({ key, value }) => key === 'WORKER_REPLICAS' && Number(value) > 1)
      .map(({ at, value }) =>
        at(`is ${value}: unless its scheduler elects a leader, every scheduled job runs ${value} times`),
      ),
};

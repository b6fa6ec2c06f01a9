import { type Rule, servicesOf } from './rule.ts';

/** Only of images that are built here: those of other people know how long they take. */
export const shortGrace: Rule = {
  id: 'no-stop-grace',
  level: 'warning',
  reason:
    'a task has ten seconds to end its work before it is killed, and each rollout cuts requests and jobs off',
  find: (scene) =>
    servicesOf(scene)
      .filter(
        ({ service: { build, stop_grace_period } }) => build !== undefined && stop_grace_period === undefined,
      )
      .map(({ at }) =>
        at([], 'has no stop_grace_period: say how long its work may take to end, 60s for one'),
      ),
};

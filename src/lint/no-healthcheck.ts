import { type Rule, servicesOf } from './rule.ts';

export const noHealthcheck: Rule = {
  id: 'no-healthcheck',
  level: 'warning',
  reason:
    'without one a task counts as well as soon as its process runs, and a broken version goes all the way',
  find: (scene) =>
    servicesOf(scene)
      .filter(({ service: { healthcheck, deploy } }) => !healthcheck && !deploy?.mode?.endsWith('-job'))
      .map(({ at }) =>
        at([], 'has no healthcheck: unless its image has one, a task is well as soon as it starts'),
      ),
};

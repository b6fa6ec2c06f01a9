import { isOff, type Rule, servicesOf } from './rule.ts';

export const noHealthcheck: Rule = {
  id: 'no-healthcheck',
  level: 'warning',
  reason:
    'without one a task counts as well as soon as its process runs, and a broken version goes all the way',
  find: (scene) =>
    servicesOf(scene)
      .filter(({ service: { deploy } }) => !deploy?.mode?.endsWith('-job'))
      .flatMap(({ service: { healthcheck }, at }) => {
        if (healthcheck && isOff(healthcheck))
          return [at(['healthcheck'], 'is turned off: a task is well as soon as it starts')];
        return healthcheck
          ? []
          : [at([], 'has no healthcheck: unless its image has one, a task is well as soon as it starts')];
      }),
};

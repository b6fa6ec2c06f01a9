import { isOff, type Rule, servicesOf } from './rule.ts';

export const noHealthcheck: Rule = {
  id: 'no-healthcheck',
  level: 'warning',
  reason: 'without one, a task counts as healthy as soon as its process starts',
  summary: ['has no health check', 'have no health check'],
  find: (context) =>
    servicesOf(context)
      .filter(({ service: { deploy } }) => !deploy?.mode?.endsWith('-job'))
      .flatMap(({ service: { healthcheck }, at }) => {
        if (healthcheck && isOff(healthcheck))
          return [at(['healthcheck'], 'is turned off: a task counts as healthy as soon as it starts')];
        return healthcheck
          ? []
          : [
              at(
                [],
                'has no healthcheck: unless its image has one, a task counts as healthy as soon as it starts',
              ),
            ];
      }),
};

import { type Rule, servicesOf } from './rule.ts';

export const pausedFailure: Rule = {
  id: 'paused-failure',
  level: 'warning',
  reason: 'a failed update stays half done, old and new tasks side by side, until somebody comes',
  find: (scene) =>
    servicesOf(scene)
      .filter(
        ({ service: { deploy } }) =>
          !deploy?.mode?.endsWith('-job') && (deploy?.update_config?.failure_action ?? 'pause') === 'pause',
      )
      .map(({ at }) =>
        at(
          ['deploy', 'update_config', 'failure_action'],
          'is pause, which is also the default: use rollback',
        ),
      ),
};

import { join } from 'node:path';
import { type LintScene, type Rule, type ServiceView, servicesOf, settingsOf } from './rule.ts';

const NAME = 'WORKER_REPLICAS';

export const singletonScheduler: Rule = {
  id: 'singleton-scheduler',
  level: 'warning',
  reason: 'each replica of a worker whose scheduler has no leader election enqueues every daily job again',
  find(scene) {
    const set = settingsOf(scene).filter(({ key, value }) => key === NAME && Number(value) > 1);
    if (set.length > 0) return set.map(({ at, value }) => at(describe(value)));
    return servicesOf(scene)
      .filter((view) => Number(view.service.deploy?.replicas) > 1 && isWorker(scene, view))
      .map(({ at, service }) => at(['deploy', 'replicas'], describe(service.deploy?.replicas)));
  },
};

const describe = (count: unknown) =>
  `is ${count}: unless its scheduler elects a leader, every scheduled job runs ${count} times`;

/** Its replicas are written as the variable, which the process's environment sets, or its default. */
function isWorker({ draft: { inputs, positions } }: LintScene, { name }: ServiceView): boolean {
  const { file, line } = positions.locate(['services', name, 'deploy', 'replicas']);
  const [, text = ''] = Object.entries(inputs.texts).find(([one]) => join(inputs.folder, one) === file) ?? [];
  return /\$\{?WORKER_REPLICAS\b/.test(text.split('\n')[line - 1] ?? '');
}

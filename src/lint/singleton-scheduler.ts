import { join } from 'node:path';
import { type LintContext, type Rule, type ServiceView, servicesOf, settingsOf } from './rule.ts';

const NAME = 'WORKER_REPLICAS';

export const singletonScheduler: Rule = {
  id: 'singleton-scheduler',
  level: 'warning',
  reason: 'each replica of a worker whose scheduler has no leader election enqueues every daily job again',
  summary: ['runs several replicas of a scheduler', 'run several replicas of a scheduler'],
  find(context) {
    const workers = servicesOf(context).filter(
      (view) => Number(view.service.deploy?.replicas) > 1 && isWorker(context, view),
    );
    const [setting] = workers.length > 0 ? settingsOf(context).filter(({ key }) => key === NAME) : [];
    if (setting) return [setting.at(describe(setting.value))];
    return workers.map(({ at, service }) => at(['deploy', 'replicas'], describe(service.deploy?.replicas)));
  },
};

const describe = (count: unknown) =>
  `is ${count}: unless its scheduler elects a leader, every scheduled job runs ${count} times`;

/** A service of this project, whose replicas are written as the variable: other people's images know no such setting. */
function isWorker({ draft: { inputs, positions } }: LintContext, { name, service }: ServiceView): boolean {
  if (service.build === undefined) return false;
  const { file, line } = positions.locate(['services', name, 'deploy', 'replicas']);
  const [, text = ''] = Object.entries(inputs.texts).find(([one]) => join(inputs.folder, one) === file) ?? [];
  return /\$\{?WORKER_REPLICAS\b/.test(text.split('\n')[line - 1] ?? '');
}

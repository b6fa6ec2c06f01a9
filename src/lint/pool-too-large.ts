import type { Problem } from '../config/problem.ts';
import { countSurge } from '../plan/placement/surge.ts';
import { type LintContext, type Rule, type ServiceView, servicesOf, settingsOf, variableOf } from './rule.ts';

/** Every replica opens its own pool; with start-first, one more while a task is replaced. */
export const poolTooLarge: Rule = {
  id: 'pool-too-large',
  level: 'warning',
  reason:
    'replicas x DB_MAX_OPEN_CONNS over the limit of the database: connections are refused at the worst time',
  summary: [
    'is below the number of connections that the stack may open',
    'are below the number of connections that the stack may open',
  ],
  find(context) {
    const limit = settingsOf(context).find(({ key }) => key === 'DB_CONNECTION_LIMIT');
    const most = Number(limit?.value ?? context.draft.inputs.environment.DB_CONNECTION_LIMIT);
    const pools = servicesOf(context).flatMap(poolOf);
    const isGlobal = pools.some(({ tasks }) => tasks === undefined);
    const total = pools.reduce((sum, { tasks = 1, size }) => sum + tasks * size, 0);
    // Nobody has been asked how many nodes there are: whoever writes the limit knows.
    if (!Number.isFinite(most) || (total < most && !isGlobal)) return [];
    const terms = pools
      .map(({ name, tasks, size }) => `${name} ${tasks ?? 'each node'} x ${size}`)
      .join(' + ');
    const said = isGlobal ? `${total} connections on one node, and more on several` : `${total} connections`;
    const message = `is ${most}, but the stack may open ${said} (${terms}): lower DB_MAX_OPEN_CONNS`;
    return [limit ? limit.at(message) : inEnvironment(context, message)];
  },
};

/** `tasks` is undefined of a global service: it has as many as there are nodes. */
function poolOf(view: ServiceView): { name: string; tasks: number | undefined; size: number }[] {
  const size = Number(variableOf(view, 'DB_MAX_OPEN_CONNS'));
  const { mode, replicas = 1, update_config: { order, parallelism = 1 } = {} } = view.service.deploy ?? {};
  if (!size || Number.isNaN(size)) return [];
  const tasks = mode === 'global' ? undefined : replicas + countSurge(order, parallelism, replicas);
  return [{ name: view.name, tasks, size }];
}

function inEnvironment({ draft }: LintContext, message: string): Problem {
  return { file: draft.inputs.folder, message: `DB_CONNECTION_LIMIT ${message}` };
}

import { type Checkup, fine, problem, warning } from '../checkup.ts';

/** More than half of the managers have to agree on every change. */
export const managers: Checkup = {
  name: 'managers',
  async look({ nodes }) {
    const all = nodes.filter(({ role }) => role === 'manager');
    const lost = all.filter(({ reachability }) => reachability !== 'reachable');
    const names = lost.map(({ hostname }) => hostname).join(', ');
    const spare = Math.floor((all.length - 1) / 2) - lost.length;
    const unreachable =
      lost.length > 0
        ? [
            problem(
              `${names} cannot be reached by the others`,
              'start Docker there, or demote and remove it: docker node demote, docker node rm',
            ),
          ]
        : [];
    if (all.length % 2 === 0)
      return [
        ...unreachable,
        warning(
          `${all.length} managers: one of them adds no safety`,
          'make it an odd number: docker node promote, or demote',
        ),
      ];
    if (all.length === 1)
      return [
        ...unreachable,
        warning(
          'one manager: when it is gone, so is the cluster',
          'promote two more nodes: docker node promote',
        ),
      ];
    return [...unreachable, fine(`${all.length} managers; ${spare} more may fail`)];
  },
};

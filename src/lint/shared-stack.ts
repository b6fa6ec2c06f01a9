import { addressOf, parseDestination } from '../shared/destination.ts';
import type { Rule } from './rule.ts';

export const sharedStack: Rule = {
  id: 'shared-stack',
  level: 'error',
  reason: 'two environments with one stack name on one cluster replace each other',
  summary: ['is the stack of another environment, too', 'are stacks of other environments, too'],
  find({ draft: { settings, inputs } }) {
    const { cluster } = settings;
    if (!cluster) return [];
    const own = new Set(cluster.DEPLOY_MANAGER_HOST.map(addressOf));
    const file = settings.envFiles.find(({ values }) => values.STACK_NAME !== undefined);
    return inputs.others
      .filter(
        ({ stack, managers }) =>
          stack === cluster.STACK_NAME && hostsOf(managers).some((one) => own.has(one)),
      )
      .map(({ folder, stack }) => ({
        file: file?.file ?? inputs.folder,
        line: file?.lines.STACK_NAME,
        message: `STACK_NAME is ${stack} on the same managers as in ${folder}: give one of the two environments another name`,
        subject: folder,
      }));
  },
};

const hostsOf = (managers: string) =>
  managers.split(',').map((one) => addressOf(parseDestination(one.trim())));

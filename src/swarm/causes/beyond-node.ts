import type { Cause } from './cause.ts';

/** What the engine cannot give -> what to do. */
const TODO: readonly (readonly [words: RegExp, todo: string])[] = [
  [/Range of CPUs is from/i, 'lower resources.limits.cpus, or keep it on nodes with so many'],
  [/Minimum memory (?:limit|reservation) allowed/i, 'resources.limits.memory is less than Docker takes'],
  [
    /open \/proc\/sys\//,
    'its sysctls name what the kernel of its node does not have, or not for one container',
  ],
  [/setting rlimit/i, 'its ulimits are higher than its engine may set: lower them'],
];

export const beyondNode: Cause = {
  name: 'beyond its node',
  explain: ({ task: { error } }) => TODO.find(([words]) => words.test(error))?.[1],
};

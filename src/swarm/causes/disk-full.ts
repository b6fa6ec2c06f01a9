import { type Cause, hostOf } from './cause.ts';

/** Of a control group the kernel says the same, when it has no number left for another. */
const OF_DISK = /^(?!.*\/cgroup).*no space left on device/i;

export const diskFull: Cause = {
  name: 'disk full',
  explain({ task: { error }, node, log }) {
    if (![error, ...log].some((line) => OF_DISK.test(line))) return undefined;
    const where = hostOf({ node });
    return `a disk of ${where}, or one of its volumes, is full: \`df -h\` and \`df -i\` there tell which, \`docker system df\` what of it is Docker's`;
  },
};

import type { Cause } from './cause.ts';

export const wrongPlatform: Cause = {
  name: 'wrong platform',
  explain: ({ task: { error, image }, log }) =>
    /unsupported platform|no matching manifest/i.test(error) ||
    log.some((line) => /exec format error/.test(line))
      ? `${image} is not built for the node's platform: add it to build.platforms, or keep the service off that node`
      : undefined,
};

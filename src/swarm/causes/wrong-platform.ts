import type { Cause } from './cause.ts';

export const WRONG_PLATFORM =
  "is not built for the node's platform: add it to build.platforms, or keep the service off that node";

export const wrongPlatform: Cause = {
  name: 'wrong platform',
  explain({ task: { error, image }, log }) {
    if (/no matching manifest/i.test(error)) return `${image} ${WRONG_PLATFORM}`;
    return log.some((line) => /exec format error/.test(line))
      ? `${image} ${WRONG_PLATFORM}; a script needs #!/bin/sh in its first line`
      : undefined;
  },
};

import { expect, test } from 'vitest';
import { showProgress } from '../../src/build/show-progress.ts';
import { silentLog } from '../../src/shared/recording-log.ts';

const OUTPUT = `#1 [internal] load local bake definitions
#5 [api linux/amd64 build 1/3] FROM node:20
#6 [worker linux/amd64 build 2/3] RUN npm ci
#6 0.312 npm warn
#6 [worker linux/amd64 build 2/3] RUN npm ci
#6 CACHED
`;

test.each([1, 7, 1000])('each step is said once, from pieces of %d characters', (size) => {
  const said: unknown[] = [];
  const log = { ...silentLog, info: (...event: unknown[]) => said.push(event) };
  const take = showProgress(log);
  for (let at = 0; at < OUTPUT.length; at += size) take(OUTPUT.slice(at, at + size));
  expect(said).toEqual([
    [
      { part: 'api linux/amd64 build', done: 1, of: 3, note: 'FROM node:20' },
      '[api linux/amd64 build 1/3] FROM node:20',
    ],
    [
      { part: 'worker linux/amd64 build', done: 2, of: 3, note: 'RUN npm ci' },
      '[worker linux/amd64 build 2/3] RUN npm ci',
    ],
  ]);
});

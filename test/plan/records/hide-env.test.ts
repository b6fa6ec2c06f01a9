import { expect, test } from 'vitest';
import { hideEnv } from '../../../src/plan/records/hide-env.ts';
import { releaseRecord } from '../../fakes/records.ts';

test('a release is printed without the values of its environment, whatever is in them', () => {
  const Env = ['A=hunter2', 'B=two\nhunter2=lines', 'C=', 'D'];
  const ContainerSpec = { Image: 'i', Env };
  const release = releaseRecord(1, {
    services: [{ Name: 'a', TaskTemplate: { ContainerSpec } }, { Name: 'b' }],
  });
  const hidden = ['A=(not shown)', 'B=(not shown)', 'C=(not shown)', 'D'];
  expect(hideEnv(release)).toEqual({
    ...release,
    services: [{ Name: 'a', TaskTemplate: { ContainerSpec: { Image: 'i', Env: hidden } } }, { Name: 'b' }],
  });
});

import { hostname } from 'node:os';
import { expect, test } from 'vitest';
import { newHolder } from '../../../src/pipeline/lock/new-holder.ts';

const GITHUB = {
  GITHUB_SERVER_URL: 'https://github.com',
  GITHUB_REPOSITORY: 'team/shop',
  GITHUB_RUN_ID: '42',
};

test.each([
  ['GitHub', GITHUB, 'https://github.com/team/shop/actions/runs/42'],
  [
    'GitLab',
    { CI_JOB_URL: 'https://gitlab.com/team/shop/-/jobs/7' },
    'https://gitlab.com/team/shop/-/jobs/7',
  ],
  ['Jenkins', { BUILD_URL: 'https://ci.lab/job/shop/3/' }, 'https://ci.lab/job/shop/3/'],
  ['a person', {}, `ada@${hostname()}`],
])('who it is: %s', (_what, environment, who) => {
  expect(newHolder({ USER: 'ada', ...environment }, 'deploy v1').who).toBe(who);
});

test('who has no name of their own is known by the machine, and every run by its id', () => {
  const [one, other] = [newHolder({}, 'deploy v1'), newHolder({}, 'deploy v1')];
  expect(one?.who).toMatch(new RegExp(`^.+@${hostname()}$`));
  expect(one?.id).not.toBe(other?.id);
});

import { expect, test } from 'vitest';
import { judgeBuilder } from '../../../src/plan/placement/judge-builder.ts';
import { release } from '../../fakes/inputs.ts';
import { node } from '../../fakes/swarm.ts';

const nodes = [node('a'), node('b', { platform: 'linux/arm64', machine: 'aarch64' })];
const judge = (stdout: string, environment = {}, exitCode = 0, stderr = '') =>
  judgeBuilder(release({ environment }), nodes, { exitCode, stdout, stderr });

/** buildx calls this a success. */
const DOWN = 'Driver: \nError:  Cannot connect to the Docker daemon';

test.each([
  ['Driver: docker\nPlatforms: linux/amd64*, linux/386', ['linux/arm64']],
  ['Driver: docker\nPlatforms: linux/amd64, linux/arm64', []],
  ['Driver: docker-container\nPlatforms: linux/amd64\nPlatforms: linux/arm64*', []],
])('%s: what it cannot run is said', (inspected, lacking) => {
  expect(judge(inspected)).toMatchObject({ problem: '', wanted: ['linux/amd64', 'linux/arm64'], lacking });
});

test.each([
  [{}, 'Driver: docker', 0, '', /^$/],
  [{}, '', 1, 'no such builder\n', /^no such builder$/],
  [{}, '', 127, '', /^docker is not installed$/],
  [{ BUILD_BUILDER: 'far' }, 'Name: far\nDriver:    docker\n', 0, '', /^far is a context and no builder/],
  [{ BUILD_BUILDER: 'far' }, 'Name: far\nDriver: docker-container\n', 0, '', /^$/],
  [{ BUILD_BUILDER: 'default' }, 'Name: default\nDriver: docker\n', 0, '', /^$/],
  [{}, `${DOWN}\nNodes:\n`, 0, '', /^Cannot connect to the Docker daemon$/],
  [
    {},
    `Driver: docker-container\n\nNodes:\nName: a\n${DOWN}\nName: b\nPlatforms: linux/amd64\n`,
    0,
    '',
    /^$/,
  ],
])('with %o, %j', (environment, stdout, exitCode, stderr, problem) => {
  expect(judge(stdout, environment, exitCode, stderr).problem).toMatch(problem);
});

test.each([
  [{}, 'start Docker and install its buildx plugin, or deploy pushed images with SKIP_BUILD=1'],
  [
    { BUILD_REMOTE: 'ssh://me@far:22' },
    'see that `ssh ssh://me@far:22 docker version` works here and asks nothing: Docker goes that way (apt-get install openssh-client)',
  ],
])('what to do where there is none, with %o', (environment, todo) => {
  expect(judge(DOWN, environment).todo).toBe(todo);
});

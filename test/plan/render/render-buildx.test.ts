import { expect, test } from 'vitest';
import { renderBuildx } from '../../../src/plan/render/render-buildx.ts';

test.each([
  [{}, 'docker buildx inspect --bootstrap', {}],
  [{ BUILD_BUILDER: 'arm' }, 'docker buildx inspect --builder arm --bootstrap', {}],
  [{ BUILD_REMOTE: 'ssh://a@b' }, 'docker buildx inspect --bootstrap', { DOCKER_HOST: 'ssh://a@b' }],
])('%o', (settings, command, env) => {
  const buildx = renderBuildx(settings as never);
  expect(buildx.command('inspect', '--bootstrap').join(' ')).toBe(command);
  expect(buildx.env).toEqual(env);
});

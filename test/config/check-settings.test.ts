import { expect, test } from 'vitest';
import { checkSettings, judgeUnset } from '../../src/config/check-settings.ts';
import { parseEnv } from '../../src/config/parse-env.ts';
import { renderProblem } from '../../src/config/problem.ts';
import { registrySchema } from '../../src/config/settings.ts';

const TEXT = 'REGISTRY=r.io\nREGISTRY_NAMESPACE=n\nREGISTRY_USERNAME=u\nREGISTRY_TOKEN=hunter2\n';

test.each([
  ['a line of the file', TEXT.replace('r.io', 'r.io/x'), {}, 'registry.env:1: REGISTRY must be a host'],
  ['an empty line', TEXT.replace('hunter2', ''), {}, 'registry.env:4: REGISTRY_TOKEN must not be empty'],
  ['no line', TEXT.replace(/^REGISTRY=.*\n/, ''), {}, 'registry.env: REGISTRY is missing'],
  [
    'a secret of CI that is not set',
    TEXT,
    { REGISTRY_TOKEN: '' },
    'environment: REGISTRY_TOKEN must not be empty: it is empty there, as a CI secret is that is not set',
  ],
  ['a wrong value', TEXT, { REGISTRY: 'r.io/hunter2' }, 'environment: REGISTRY must be a host'],
])('%s is named as what it is', (_what, text, environment, said) => {
  const { settings, problems } = checkSettings(parseEnv('registry.env', text), environment, registrySchema);
  expect(settings).toBeUndefined();
  expect(problems.map(renderProblem)).toEqual([expect.stringContaining(said)]);
  expect(problems.map(renderProblem).join()).not.toContain('hunter2');
});

test('an ssh key that a workflow passes on, and that is not set, is missed at once', () => {
  expect(judgeUnset({ DEPLOY_SSH_PRIVATE_KEY: '' })).toMatchObject([
    { file: 'environment', message: expect.stringContaining('DEPLOY_SSH_PRIVATE_KEY is empty there') },
  ]);
  expect(judgeUnset({ DEPLOY_SSH_PRIVATE_KEY: 'hunter2' })).toEqual([]);
  expect(judgeUnset({})).toEqual([]);
});

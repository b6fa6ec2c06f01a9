import { expect, test } from 'vitest';
import type { CheckContext } from '../../src/preflight/check.ts';
import { checks } from '../../src/preflight/checks.ts';
import { stackReadable } from '../../src/preflight/stack-readable.ts';
import { release } from '../fakes/inputs.ts';

const STACK = 'services: { a: { image: "redis:7" } }\n';
const START_INTERVAL = 'services: { a: { image: "redis:7", healthcheck: { start_interval: 1s } } }\n';

test.each([
  [
    'without version:',
    STACK,
    '20.10.24',
    'docker 20.10.24 on the manager reads no stack file without version:',
  ],
  ['without version:', STACK, '19.03.8', 'docker 19.03.8'],
  ['without version:', STACK, '23.0.0', ''],
  ['without version:', STACK, '28.2.2+dfsg1', ''],
  ['without version:', STACK, 'dev', ''],
  ['without version:', STACK, '', ''],
  ['with version:', `version: "3.8"\n${STACK}`, '20.10.24', ''],
  ['without version:, with start_interval', START_INTERVAL, '25.0.0', ''],
])('a stack file %s: %j, docker %s: %j', async (_what, stack, version, problem) => {
  const remote = { run: async () => ({ exitCode: 0, stdout: `${version}\n`, stderr: '' }) };
  const scene = { release: release({}, stack), tools: { remote } } as unknown as CheckContext;
  const said = await stackReadable.run(scene).then(
    () => '',
    (error) => `${error.code} ${error.message} ${error.hint}`,
  );
  if (problem === '') expect(said).toBe('');
  else expect(said).toMatch(new RegExp(`^PREFLIGHT_FAILED ${problem}.* write version: "3.8" into stack.yml`));
});

test('it is asked before any change', () => expect(checks).toContain(stackReadable));

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planPulls } from '../../src/plan/placement/plan-pulls.ts';
import { planCheck } from '../../src/plan/plan-checks.ts';
import { planOneOff } from '../../src/plan/plan-one-off.ts';
import { release } from '../fakes/inputs.ts';

const STACK = 's'.repeat(31);
/** As long as Swarm takes it with its stack's. */
const SERVICE = 'a'.repeat(31);
const live = { Name: 'x' };
const NETWORK = 'networks: { "NAME": {} }';
const stack = (service: string, rest = '') => `services: { "${service}": { image: "redis:7" } }\n${rest}`;
const problemsOf = (text: string) => {
  try {
    release({}, { 'cluster.env': `DEPLOY_MANAGER_HOST=m1\nSTACK_NAME=${STACK}\n`, 'stack.yml': text });
    return [];
  } catch (error) {
    return (error as { details: string[] }).details;
  }
};

test.each([
  ['a service', stack(SERVICE), []],
  ['a longer service', stack(`${SERVICE}a`), [expect.stringContaining('longer than the 63 characters')]],
  [
    'a service with a dot',
    stack('web.api'),
    [expect.stringContaining('deploy/stack.yml:1:13: services.web.api')],
  ],
  ['a service that ends in -', stack('web-'), [expect.stringContaining('which Swarm does not take')]],
  ['a service with two -', stack('web--api'), []],
  ['a network', stack('web', NETWORK.replace('NAME', SERVICE)), []],
  [
    'a longer network',
    stack('web', NETWORK.replace('NAME', `${SERVICE}a`)),
    [expect.stringContaining('deploy/stack.yml:2:13: networks.')],
  ],
  ['the same under a name', stack('web', `networks: { "${SERVICE}a": { name: back } }`), []],
  ['the same, external', stack('web', `networks: { "${SERVICE}a": { external: true } }`), []],
])('%s', (_what, text, problems) => {
  expect(problemsOf(text)).toEqual(problems);
});

test('helpers of any service that Swarm takes have a name that it takes, each its own', () => {
  const name = fc.stringMatching(/^[a-z0-9][a-z0-9_-]{0,29}[a-z0-9]$/);
  fc.assert(
    fc.property(name, fc.uniqueArray(name, { minLength: 2, maxLength: 2 }), (of, services) => {
      const names = services.flatMap((service) => [
        planCheck(of, { service, command: ['x'] }, live).Name,
        planOneOff({ stack: of, service, id: '0123abcd', command: [] }, live).Name,
        planOneOff({ stack: of, service, id: '0123abce', command: [] }, live).Name,
        pullName(of, service),
      ]);
      expect(new Set(names).size).toBe(names.length);
      for (const one of names) expect(one).toMatch(/^(?=.{1,63}$)[a-zA-Z0-9]([\w-]*[a-zA-Z0-9])?$/);
    }),
    { numRuns: 50 },
  );
});

function pullName(of: string, service: string): string | undefined {
  const texts = {
    'cluster.env': `DEPLOY_MANAGER_HOST=m1\nSTACK_NAME=${of}\n`,
    'stack.yml': stack(service),
  };
  const planned = release({}, texts);
  const [pull] = planPulls(planned, { services: [], nodes: [] }, { 'redis:7': 'sha256:aa' }, {});
  return pull?.spec.Name;
}

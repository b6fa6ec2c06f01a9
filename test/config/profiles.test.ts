import { expect, test } from 'vitest';
import { planned } from '../fakes/inputs.ts';

const STACK = `services:
  web: { image: "w:1" }
  debug:
    image: "d:\${DEBUG_TAG}"
    profiles: [debug, dev]
    container_name: x
    secrets: [key]
    networks: [spare]
  tool: { image: "t:1", profiles: ["\${KIND:-tools}"] }
secrets: { key: { file: none.txt }, used: { external: true } }
networks: { spare: { external: true }, other: {} }
`;
const CLUSTER = 'DEPLOY_MANAGER_HOST=m1\nSTACK_NAME=shop\n';

const plan = (profiles: string, environment = {}, stack = STACK) =>
  planned(
    { environment },
    { 'stack.yml': stack, 'cluster.env': CLUSTER + profiles, 'prod.env': 'DEBUG_TAG=5\n' },
    { objects: { key: 'a-key-of-a-debugger' } },
  );
const names = (...given: Parameters<typeof plan>) =>
  Object.keys(plan(...given).release().document.services ?? {});

test.each<[string, Record<string, string>, readonly string[]]>([
  ['', {}, ['web']],
  ['PROFILES=debug\n', {}, ['web', 'debug']],
  ['PROFILES= dev , tools\n', {}, ['web', 'debug', 'tool']],
  ['PROFILES=*\n', {}, ['web', 'debug', 'tool']],
  ['PROFILES=none\n', {}, ['web']],
  ['', { COMPOSE_PROFILES: 'tools' }, ['web', 'tool']],
  ['PROFILES=\n', { COMPOSE_PROFILES: 'tools' }, ['web', 'tool']],
  ['PROFILES=debug\n', { COMPOSE_PROFILES: 'tools' }, ['web', 'debug']],
  ['PROFILES=debug\n', { PROFILES: 'tools' }, ['web', 'tool']],
])(
  'with %j in cluster.env and %j in the environment the active services are %j',
  (text, environment, active) => {
    expect(names(text, environment)).toEqual(active);
  },
);

test('an inactive service needs no variable, no secret and no network, and no rule looks at it', () => {
  const { draft, findings } = planned({}, { 'stack.yml': STACK, 'prod.env': '' }, { objects: {} });
  expect(draft.problems).toEqual([]);
  expect(draft.objects).toEqual([]);
  expect(findings.filter(({ message }) => message.includes('debug'))).toEqual([]);
  expect(draft.document).toMatchObject({ secrets: { used: {} }, networks: { other: {} } });
  expect(draft.document).not.toHaveProperty('secrets.key');
  expect(draft.document).not.toHaveProperty('networks.spare');
});

test('a variable that only an inactive service uses is used', () => {
  const { findings } = planned(
    {},
    { 'stack.yml': STACK, 'prod.env': 'DEBUG_TAG=5\nDEBUG_TAB=5\n' },
    { objects: {} },
  );
  const unused = findings.filter(({ rule }) => rule === 'unused-variable');
  expect(unused.map(({ message }) => message)).toEqual(['DEBUG_TAB is not used by any stack file']);
});

const MORE = '  more: { image: "m:1" }\n';

test.each([
  [
    '  a: { image: "a:1", profiles: debug }',
    'deploy/stack.yml:2:22: services.a.profiles must be a list of texts',
  ],
  ['  a: { image: "a:${X:?needed}", profiles: [x] }', 'deploy/stack.yml:2:18: X is required: needed'],
  [
    '  a: { image: "a:1", init: 7, profiles: [x] }',
    'deploy/stack.yml:2:22: services.a.init must be true or false',
  ],
  [
    '  a: { image: "a:1", profiles: [x] }\n',
    'deploy/stack.yml:1: has no active services: choose profiles, like PROFILES=x',
  ],
  [
    '  a: { image: "a:1", profiles: [x] }\n  b: { image: "b:1", depends_on: [a] }',
    'deploy/stack.yml:3:22: services.b.depends_on names a, which is not active: add PROFILES=x to cluster.env, or write required: false [inactive-dependency]',
  ],
])('%s is told', (services, message) => {
  const stack = `services:\n${services}\n${services.includes('\n') ? '' : MORE}`;
  const { release } = planned({}, { 'stack.yml': stack }, { objects: {} });
  expect(release).toThrow(expect.objectContaining({ details: expect.arrayContaining([message]) }));
});

test('a service that is extended keeps its problems, though its own profile is not active', () => {
  const stack =
    'services:\n  a: { image: "a:${X}", profiles: [x] }\n  b: { extends: a, profiles: !override [] }\n';
  const { draft } = planned({}, { 'stack.yml': stack }, { objects: {} });
  expect(draft.problems).toMatchObject([{ rule: 'unset-variable', line: 2 }]);
});

test.each<[string, Record<string, string>, readonly object[]]>([
  [
    'PROFILES=debgu\n',
    {},
    [
      {
        file: 'deploy/cluster.env',
        line: 3,
        message: 'PROFILES names debgu, which no service has: did you mean debug?',
      },
    ],
  ],
  [
    '',
    { PROFILES: 'nothing' },
    [{ file: 'environment', message: 'PROFILES names nothing, which no service has' }],
  ],
  ['PROFILES=*,debug\n', {}, []],
  // It may be meant for other projects.
  ['', { COMPOSE_PROFILES: 'nothing' }, []],
])('%j and %j: a profile that no service has is a warning', (text, environment, expected) => {
  const found = plan(text, environment).findings.filter(({ rule }) => rule === 'unknown-profile');
  expect(found).toMatchObject(expected);
  expect(found).toHaveLength(expected.length);
});

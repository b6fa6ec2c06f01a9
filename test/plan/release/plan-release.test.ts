import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import type { Inputs } from '../../../src/config/inputs.ts';
import { B2_KEYS } from '../../../src/config/settings.ts';
import { judgeAbsentFiles } from '../../../src/plan/release/plan-settings.ts';
import { renderRelease } from '../../../src/plan/render/render-release.ts';
import { DeployError } from '../../../src/shared/errors.ts';
import { type Given, inputs, NO_GIT, release } from '../../fakes/inputs.ts';

function problemsOf(
  change: Partial<Inputs>,
  texts: string | Record<string, string> = {},
  given: Given = {},
): readonly string[] {
  try {
    release(change, texts, given);
  } catch (error) {
    if (error instanceof DeployError && error.code === 'CONFIG_INVALID') return error.details;
    throw error;
  }
  return [];
}

test('a whole release from plain inputs', () => {
  const { id, tag, services, builds, objects, storage } = release();
  expect({ id, tag }).toEqual({ id: 'abc1234_20260413120000', tag: 'abc1234' });
  expect(services.map(({ name, image, replicas }) => [name, image, replicas])).toEqual([
    ['api', 'r.io/team/api:abc1234', 1],
    ['redis', 'redis:7', 1],
  ]);
  expect(builds).toMatchObject([{ name: 'api', context: '..', target: 'api', args: { VERSION: 'abc1234' } }]);
  expect(objects.map(({ newName }) => newName)).toEqual(['shop_secret_key_abc1234_20260413120000']);
  expect(storage).toEqual({ kind: 's3', endpoint: 'https://s3', bucket: 'bucket' });
});

test('a secret value is in the document that is sent, and nowhere else in a release', () => {
  const { document, ...planned } = release();
  expect(JSON.stringify(document)).toContain('hunter2-b2');
  expect(Object.keys(planned.sensitive)).toEqual(Object.values({ ...B2_KEYS }));
  expect(inspect(planned, { depth: 9 }) + JSON.stringify(planned) + renderRelease(release())).not.toContain(
    'hunter2',
  );
});

test('the environment wins over files, and DEPLOY_TAG over git', () => {
  const planned = release({ environment: { DEPLOY_TAG: 'v1.2', STACK_NAME: 'other', API_REPLICAS: '2' } });
  expect(planned).toMatchObject({ id: 'v1.2_20260413120000', stack: 'other' });
  expect(planned.services[0]).toMatchObject({ image: 'r.io/team/api:v1.2', replicas: 2 });
});

test('every problem of every file in one report', () => {
  const problems = problemsOf(
    {
      git: NO_GIT,
    },
    {
      'cluster.env': 'STACK_NAME=Shop\nDEPLOY_TIMEOUT=soon\nPUSH_LATEST_TAG=perhaps\n',
      'prod.env': 'B2_ENDPOINT=https://s3\nB2_KEY_ID=\n',
      'stack.yml':
        'services:\n  api: {image: "${NOWHERE}"}\nsecrets: {a: {external: true, name: "${A_SECRET}"}, b: {external: true, name: "${B_SECRET}"}}\n',
    },
    { objects: { a: '', b: 'x' }, examples: ['b'] },
  );
  expect(problems).toEqual([
    'deploy/cluster.env: DEPLOY_MANAGER_HOST is missing',
    expect.stringMatching(/^deploy\/cluster.env:1: STACK_NAME must be/),
    'deploy/cluster.env:2: DEPLOY_TIMEOUT must be a number',
    expect.stringMatching(/^deploy\/cluster.env:3: PUSH_LATEST_TAG must be 1/),
    expect.stringMatching(/^deploy\/prod.env:2: B2_KEY_ID is empty/),
    expect.stringMatching(/^deploy\/prod.env: B2_APP_KEY is empty/),
    expect.stringMatching(/^deploy\/prod.env: B2_BUCKET_NAME is empty/),
    expect.stringMatching(/^deploy\/stack.yml:2:17: NOWHERE is not set/),
    expect.stringMatching(/secrets\/a.txt: is empty/),
    expect.stringMatching(/secrets\/b.txt: still holds the text of its .example/),
    expect.stringMatching(/not a git checkout/),
  ]);
});

test('a tag that is given is not said to be missing, whatever else is wrong', () => {
  const noGit = { git: NO_GIT };
  const given = [
    problemsOf(noGit, { 'cluster.env': 'DEPLOY_TAG=v1\n' }),
    problemsOf({ ...noGit, environment: { DEPLOY_TAG: 'v1' } }, { 'cluster.env': '' }),
  ];
  for (const problems of given) {
    expect(problems).toContain('deploy/cluster.env: DEPLOY_MANAGER_HOST is missing');
    expect(problems.join()).not.toContain('not a git checkout');
  }
});

test.each([
  [
    'a copied file',
    { copied: ['cluster.env'] },
    {},
    'deploy/cluster.env: was missing: copied from its .example',
  ],
  ['an absent stack', { stackFiles: ['none.yml'] }, {}, 'deploy/none.yml: is missing'],
  ['no services', {}, { 'stack.yml': 'networks: {}\n' }, 'has no services'],
  ['no image', {}, { 'stack.yml': 'services: {a: {build: ..}}\n' }, 'services.a needs an image'],
  [
    'an image in capitals',
    {},
    { 'stack.yml': 'services:\n  a:\n    image: r.io/AcmeCorp/a:1\n' },
    'deploy/stack.yml:3:5: services.a has the image r.io/AcmeCorp/a:1, which is not an image name',
  ],
  [
    'a built image with a digest',
    {},
    { 'stack.yml': `services:\n  a:\n    build: ..\n    image: r.io/a@sha256:${'a'.repeat(64)}\n` },
    'deploy/stack.yml:4:5: services.a is built, and its image has a digest',
  ],
])('%s is a problem', (_what, change, texts, expected) => {
  expect(problemsOf(change as Partial<Inputs>, texts as Record<string, string>).join('\n')).toContain(
    expected,
  );
});

test.each([
  ['local', '2', 1],
  ['local', '1', 0],
  ['s3', '2', 0],
])('%s storage with %s replicas gives %i warning', (kind, API_REPLICAS, count) => {
  const texts: Record<string, string> = kind === 'local' ? { 'prod.env': '' } : {};
  const { warnings, storage } = release({ environment: { API_REPLICAS } }, texts);
  expect(storage?.kind).toBe(kind);
  expect(warnings.filter((warning) => warning.includes('404'))).toHaveLength(count);
});

const SECRET = (name: string) => `services: {a: {image: "b:1"}}\nsecrets: {s: {${name}}}\n`;
const BIG = 'k'.repeat(50);

test.each([
  [
    'a name over 64',
    SECRET(`external: true, name: "\${${BIG.toUpperCase()}_SECRET}"`),
    BIG,
    'x',
    'longer than the 64 characters',
  ],
  ['a secret too large', SECRET('file: s.txt'), 's', 'x'.repeat(512_000), 'has 512000 bytes'],
  [
    'a config too large',
    SECRET('file: s.txt').replace('secrets', 'configs'),
    's',
    'x'.repeat(1_024_001),
    'has 1024001 bytes',
  ],
  ['an empty secret', SECRET('file: s.txt'), 's', '', 'is empty'],
])('%s is a problem', (_what, stack, key, value, expected) => {
  expect(problemsOf({}, stack, { objects: { [key]: value } }).join('\n')).toContain(expected);
});

test.each([
  ['secret', 'secrets', 511_999],
  ['config', 'configs', 1_024_000],
])('a %s may be as large as Docker takes it', (kind, section, bytes) => {
  const stack = SECRET('file: s.txt').replace('secrets', section);
  const { objects } = release({}, stack, { objects: { s: 'x'.repeat(bytes) } });
  expect(objects.map((object) => [object.kind, object.value?.bytes])).toEqual([[kind, bytes]]);
});

test('an empty config is refused, as Swarm refuses it', () => {
  const stack = SECRET('file: s.txt').replace('secrets', 'configs');
  expect(() => release({}, stack, { objects: { s: '' } })).toThrow(
    expect.objectContaining({ details: [expect.stringContaining('is empty: Docker takes no empty config')] }),
  );
});

test('a project without any of it is told how to begin, in one line', () => {
  const empty = { ...inputs(), texts: {}, stackFiles: ['stack.yml'] };
  expect(judgeAbsentFiles(empty).map(({ file, message }) => `${file} ${message}`)).toEqual([
    'deploy has none of cluster.env, registry.env, prod.env, stack.yml: `waggle init` writes them',
  ]);
});

test.each([
  ['STACK_NAME', '', 'STACK_NAME must not be empty: it is empty there, as a CI secret is that is not set'],
  ['STACK_NAME', 'No Name', 'STACK_NAME must be lower case letters'],
  ['REGISTRY_TOKEN', '', 'REGISTRY_TOKEN must not be empty: it is empty there'],
  ['B2_APP_KEY', '', 'B2_APP_KEY is empty while other B2_* keys are set'],
])('%s=%j in the environment is not blamed on the file', (name, value, message) => {
  const problems = problemsOf({ environment: { [name]: value } });
  expect(problems[0]).toContain(`environment: ${message}`);
  expect(problems[0]).toMatch(/wins over deploy\/(cluster|registry|prod).env:\d$/);
});

test.each(['a'.repeat(40), 'v1.2.3-rc.1-linux'])(
  'a tag like %s leaves room in the names of secrets',
  (tag) => {
    const stack = 'abcdefghijklmnopqrstuvwxyz';
    const { objects } = release({ environment: { DEPLOY_TAG: tag, STACK_NAME: stack } });
    const name = objects[0]?.newName ?? '';
    expect(name.length).toBeLessThanOrEqual(64);
    expect(name).toMatch(new RegExp(`^${stack}_secret_key_${tag.slice(0, 8)}.*_20260413120000$`));
  },
);

test('what git refuses is said in its own words', () => {
  const refusal =
    "fatal: detected dubious ownership in repository at '/x'\nTo add an exception, call:\n\n\tgit config";
  const [problem] = problemsOf({ git: { ...NO_GIT, isCheckout: true, refusal } });
  expect(problem).toContain('dubious ownership');
  expect(problem).toMatch(/To add an exception, call: git config\): set DEPLOY_TAG/);
  const warningsOf = (isCheckout: boolean, environment = {}) =>
    release({ git: { ...NO_GIT, isCheckout, refusal }, environment: { DEPLOY_TAG: 'v1', ...environment } })
      .warnings;
  const told = expect.arrayContaining([expect.stringContaining('detected dubious ownership')]);
  expect(warningsOf(true), 'a tag is given').toEqual(told);
  expect(warningsOf(false), 'no checkout').not.toEqual(told);
  expect(warningsOf(true, { SKIP_BUILD: '1' }), 'nothing is built').not.toEqual(told);
});

test.each(['docker.io', 'index.docker.io', 'registry-1.docker.io'])('REGISTRY=%s is Docker Hub', (host) => {
  expect(release({ environment: { REGISTRY: host } }).registry.host).toBe('docker.io');
});

test('a tag may have as many characters as Docker takes', () => {
  const tagged = (length: number) => release({ environment: { DEPLOY_TAG: 'a'.repeat(length) } });
  expect(tagged(128).objects.every(({ newName }) => newName.length <= 64)).toBe(true);
  expect(() => tagged(129)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
});

const FIVE = [
  'DEPLOY_MANAGER_HOST',
  'REGISTRY',
  'REGISTRY_NAMESPACE',
  'REGISTRY_USERNAME',
  'REGISTRY_TOKEN',
] as const;

test.each([
  ['empty', '='],
  ['missing', undefined],
])('five settings that are %s are five problems, without what follows from them', (_what, sign) => {
  const line = (key: string) => (sign ? `${key}${sign}\n` : '');
  const [host, ...registry] = FIVE.map(line);
  const stack =
    'services: { a: { image: "${REGISTRY}/${REGISTRY_NAMESPACE}/a:${DEPLOY_TAG}", build: .. }, b: { image: "x/${REGISTRY_NAMESPACE}/b", build: .. } }\n';
  const problems = problemsOf(
    {},
    { 'cluster.env': `${host}STACK_NAME=shop\n`, 'registry.env': registry.join(''), 'stack.yml': stack },
  );
  expect(problems.map((one) => /: (\w+)/.exec(one)?.[1])).toEqual(FIVE);
});

test('an empty REGISTRY is one problem, not one more for each image', () => {
  const stack =
    'services: { a: { image: "${REGISTRY}/a:1" }, b: { image: "${REGISTRY}/b:1" }, c: { image: "x/C" } }\n';
  const empty = { environment: { REGISTRY: '' } };
  expect(problemsOf(empty, stack)).toEqual([
    expect.stringContaining('REGISTRY must not be empty'),
    expect.stringContaining('services.c has the image x/C'),
  ]);
});

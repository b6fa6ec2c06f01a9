import { describe, expect, test } from 'vitest';
import type { Inputs } from '../../src/config/inputs.ts';
import { rules } from '../../src/lint/rules.ts';
import { gitFacts, planned } from '../fakes/inputs.ts';

/** A service that no rule finds fault with; a row spoils one thing. */
const SOUND: Record<string, string> = {
  image: 'r.io/team/x:1',
  healthcheck: '{ test: [CMD, ok] }',
};
const stack = (change: Record<string, string | undefined> = {}, top = '') => {
  const lines = Object.entries({ ...SOUND, ...change }).filter(([, value]) => value !== undefined);
  return `services:\n  a:\n${lines.map(([key, value]) => `    ${key}: ${value}\n`).join('')}${top}`;
};
const cluster = (more: string) => ({
  'cluster.env': `DEPLOY_MANAGER_HOST=m1\nSTACK_NAME=shop\n${more}`,
  // The stack names the variable, so that it is used.
  'stack.yml': `${stack()}# ${more}`,
});
const deploy = (text: string) => `{ ${text} }`;
const SECRET = 'secrets: { s: { external: true, name: "${SECRET_KEY_SECRET}" } }\n';
const D = 'volumes: { d: {} }\n';
const WORKERS = stack({
  build: '{ context: .. }',
  deploy: deploy('replicas: "${WORKER_REPLICAS:-1}"'),
});

type Row = readonly [
  id: string,
  texts: string | Record<string, string>,
  message: string,
  change?: Partial<Inputs>,
  included?: Record<string, string>,
];

const rows: readonly Row[] = [
  ['placeholder', cluster('DB_HOST=db.example.com\n'), 'cluster.env:3: DB_HOST still holds a placeholder'],
  ['placeholder', cluster('KEY=changeme\n'), 'KEY still holds a placeholder'],
  [
    'placeholder',
    stack({ environment: '{ DB_PASSWORD: changeme }' }),
    'environment.DB_PASSWORD still holds a placeholder',
  ],
  [
    'placeholder',
    stack({ labels: '{ site: shop.example.com }' }),
    'services.a.labels.site still holds a placeholder',
  ],
  [
    'placeholder',
    stack({ deploy: deploy('labels: { rule: "Host(shop.example.com)" }') }),
    'services.a.deploy.labels.rule still holds a placeholder',
  ],
  [
    'placeholder',
    stack({ command: '[serve, --key, changeme]' }),
    'services.a.command still holds a placeholder',
  ],
  [
    'tracked-secret',
    stack(),
    'secrets/key.txt: is tracked by git',
    {
      git: gitFacts({
        tracked: [
          'deploy/secrets/key.txt',
          'deploy/secrets/key.txt.example',
          'deploy/secrets/key.age',
          'deploy/stack.yml',
        ],
      }),
    },
  ],
  [
    'tracked-secret',
    stack(),
    'deploy/staging/registry.env: is tracked',
    { git: gitFacts({ tracked: ['deploy/staging/registry.env'] }) },
  ],
  [
    'tracked-secret',
    {
      'stack.yml': `include: [../infra/x.yml]\n${stack()}`,
      '../infra/x.yml': 'services: {}\n',
      '../infra/.env': 'DB_PASSWORD=hunter2-included\n',
    },
    'infra/.env: is tracked by git',
    { git: gitFacts({ tracked: ['infra/.env', 'infra/x.yml'] }) },
  ],
  [
    'open-secret',
    stack(),
    'secrets/key.txt: can be read',
    { openFiles: ['secrets/key.txt', 'secrets/key.age', 'notes.md'] },
  ],
  ['latest-image', stack({ image: 'x:latest' }), 'stack.yml:3:5: services.a.image is x:latest'],
  ['latest-image', stack({ image: 'r.io:5000/x' }), 'is r.io:5000/x'],
  ['no-healthcheck', stack({ healthcheck: undefined }), 'services.a has no healthcheck'],
  ['no-healthcheck', stack({ healthcheck: '{ disable: true }' }), 'services.a.healthcheck is turned off'],
  ['no-healthcheck', stack({ healthcheck: '{ test: [NONE] }' }), 'services.a.healthcheck is turned off'],
  [
    'start-first',
    stack({
      deploy: deploy('update_config: { order: start-first }'),
      ports: '[{ target: 1, published: 80, mode: host }]',
    }),
    'holds port 80',
  ],
  [
    'start-first',
    stack(
      {
        deploy: deploy('placement: { constraints: [node.id == n1] }, update_config: { order: start-first }'),
        volumes: '["d:/d"]',
      },
      'volumes: { d: {} }\n',
    ),
    'write to the volume d',
  ],
  [
    'movable-volume',
    stack({ volumes: '["d:/d"]' }, D),
    'services.a.volumes.0 keeps data in the local volume d',
  ],
  ['open-port', stack({ ports: '["15432:5432"]' }), 'services.a.ports.0 publishes port 5432 (PostgreSQL)'],
  ['open-port', stack({ ports: '["9229:9229"]' }), 'port 9229 (the Node.js debugger)'],
  [
    'foreign-image',
    stack({ build: '.', image: 'acme/x:1' }),
    'services.a.image is built and pushed to docker.io, but REGISTRY is r.io',
  ],
  [
    'shared-stack',
    stack(),
    'deploy/cluster.env:2: STACK_NAME is shop on the same managers as in deploy/staging',
    { others: [{ folder: 'deploy/staging', stack: 'shop', managers: 'm2, m1' }] },
  ],
  [
    'unknown-dependency',
    stack({ depends_on: '[nobody]' }),
    'services.a.depends_on names nobody, which is not a service',
  ],
  ['plain-database', cluster('DB_SSLMODE=disable\n'), 'cluster.env:3: DB_SSLMODE is disable'],
  ['plain-database', stack({ environment: '{ DB_SSLMODE: disable }' }), 'environment.DB_SSLMODE is disable'],
  ['debug-log', cluster('LOG_LEVEL=debug\n'), 'LOG_LEVEL is debug'],
  ['debug-log', stack({ environment: '{ LOG_LEVEL: trace }' }), 'environment.LOG_LEVEL is debug'],
  [
    'pool-too-large',
    {
      ...cluster('DB_CONNECTION_LIMIT=100\n'),
      'stack.yml': stack({
        environment: '{ DB_MAX_OPEN_CONNS: 25 }',
        deploy: deploy(`replicas: 3, update_config: { order: start-first }`),
      }),
    },
    'may open 100 connections (a 4 x 25)',
  ],
  [
    'pool-too-large',
    {
      ...cluster('DB_CONNECTION_LIMIT=100\n'),
      'stack.yml': stack({
        environment: '{ DB_MAX_OPEN_CONNS: 25 }',
        deploy: deploy('mode: global'),
      }),
    },
    'may open 25 connections on one node, and more on several (a each node x 25)',
  ],
  [
    'singleton-scheduler',
    { ...cluster('WORKER_REPLICAS=2\n'), 'stack.yml': WORKERS },
    'cluster.env:3: WORKER_REPLICAS is 2',
  ],
  [
    'singleton-scheduler',
    WORKERS,
    'services.a.deploy.replicas is 3',
    { environment: { WORKER_REPLICAS: '3' } },
  ],
  ['singleton-scheduler', WORKERS.replace(':-1', ':-2'), 'services.a.deploy.replicas is 2'],
  [
    'decimal-mode',
    stack({ secrets: '[{ source: s, mode: 400 }]' }, SECRET),
    'is the decimal 400, which is the mode 0620',
  ],
  [
    'unknown-setting',
    { ...cluster('DEPLOY_TIMEOUTT=5\n'), 'stack.yml': stack() },
    'DEPLOY_TIMEOUTT is not a setting, and no stack file uses it: did you mean DEPLOY_TIMEOUT?',
  ],
  [
    'unknown-profile',
    { ...cluster('PROFILES=debug,debgu\n'), 'stack.yml': stack({ profiles: '[debug]' }) },
    'PROFILES names debgu, which no service has: did you mean debug?',
  ],
  ['unused-variable', { 'prod.env': 'NOBODY=1\n', 'stack.yml': stack() }, 'prod.env:1: NOBODY is not used'],
  [
    'empty-override',
    cluster('DEPLOY_HEALTHCHECK_URL=http://a/\n'),
    'cluster.env:3: DEPLOY_HEALTHCHECK_URL is hidden',
    { environment: { DEPLOY_HEALTHCHECK_URL: '' } },
  ],
  ['unset-environment', stack({ environment: '[UNSET]' }), 'services.a.environment.UNSET is only named'],
  [
    'docker-socket',
    stack({ volumes: '["/var/run/docker.sock:/var/run/docker.sock:ro"]', ports: '["9999:8080"]' }),
    'publishes port 9999',
  ],
  [
    'docker-socket',
    stack({ volumes: '["/var/run:/host/run"]', ports: '["9999:8080"]' }),
    'mounts docker.sock, or a folder that holds it',
  ],
  [
    'repeated-secret',
    `${stack({ env_file: 'web.env' })}${SECRET}`,
    'deploy/web.env:2: holds the value of the secret secret_key',
    {},
    { 'web.env': 'A=1\nK=hunter2-key-long\n' },
  ],
  [
    'repeated-secret',
    `${stack({ environment: '{ K: hunter2-key-long }' })}${SECRET}`,
    'holds the value of the secret secret_key',
  ],
];

const kept = (placement: string, top = D, mount = 'd:/d') =>
  stack({ volumes: `["${mount}"]`, deploy: deploy(placement) }, top);
const pinned = (constraint: string) => kept(`placement: { constraints: ["${constraint}"] }`);
const two = { environment: { DEPLOY_MANAGER_HOST: 'm1,m2' } };

test.each<[where: string, text: string, found: number, change?: Partial<Inputs>]>([
  ['without a constraint', kept(''), 1],
  ['off one node', pinned('node.hostname != m1'), 1],
  ['on any worker', pinned('node.role == worker'), 1],
  ['on the managers, of which there are two', pinned('node.role == manager'), 1, two],
  ['on the only manager', pinned('node.Role==manager'), 0],
  ['on one node', pinned('node.hostname == m1'), 0],
  ['on nodes of a label', pinned('node.labels.disk == ssd'), 0],
  ['on every node', kept('mode: global'), 0],
  ['as a job', kept('mode: replicated-job'), 0],
  ['read only', kept('', D, 'd:/d:ro'), 0],
  ['without a name', kept('', '', '/d'), 0],
  ['on NFS', kept('', 'volumes: { d: { driver_opts: { type: nfs, o: addr=nas, device: ":/d" } } }\n'), 0],
  ['of another driver', kept('', 'volumes: { d: { driver: rexray } }\n'), 0],
  ['of the cluster', kept('', 'volumes: { d: { external: true } }\n'), 0],
])('a volume that is mounted %s: %#', (_where, text, found, change) => {
  expect(planned(change, text).findings.filter(({ rule }) => rule === 'movable-volume')).toHaveLength(found);
});

test.each([
  ['5432:5432/udp', []],
  ['8080:80', []],
  ['5432:80', []],
  ['5432', ['open-port']],
])('the port %s: %j', (port, ids) => {
  expect(planned({}, stack({ ports: `["${port}"]` })).findings.map(({ rule }) => rule)).toEqual(ids);
});

test.each<[string, Partial<Inputs>, string]>([
  ['nothing is built', { environment: { SKIP_BUILD: '1' } }, 'acme/x:1'],
  ['Docker Hub has another name', { environment: { REGISTRY: 'index.docker.io' } }, 'acme/x:1'],
])('an image may be elsewhere if %s', (_why, change, image) => {
  expect(planned(change, stack({ build: '.', image })).findings).toEqual([]);
});

test.each([
  ['another name', { stack: 'shop-staging', managers: 'm1' }],
  ['other managers', { stack: 'shop', managers: 'm2,m3' }],
  ['another port of one address', { stack: 'shop', managers: 'm1:2222' }],
])('environments may have %s', (_what, other) => {
  const others = [{ folder: 'deploy/staging', ...other }];
  expect(planned({ others }, stack()).findings).toEqual([]);
});

test.each([
  ['in a longer name', 'shop_data2', 'r.io/team/shop_data2-web:1', []],
  ['as a word', 'postgres', 'postgres:16', []],
  ['by itself', 'shop_data2', 'r.io/team/shop_data2:1', ['repeated-secret']],
])('the value of a secret that an image has %s', (_where, value, image, ids) => {
  const found = planned({}, `${stack({ image })}${SECRET}`, { objects: { secret_key: value } }).findings;
  expect(found.map(({ rule }) => rule).filter((rule) => rule === 'repeated-secret')).toEqual(ids);
});

test.each([
  ['of the stack', '[b]'],
  ['that need not be there', '{ c: { condition: service_started, required: false } }'],
])('a service may depend on one %s', (_which, depends_on) => {
  const b = '  b: { image: "r.io/team/x:1", healthcheck: { test: [CMD, ok] } }\n';
  expect(planned({}, stack({ depends_on }, b)).findings).toEqual([]);
});

const objects = { secret_key: 'hunter2-key-long' };
const given = { objects };

test('a sound stack is found no fault with', () => {
  expect(planned({}, stack(), given).findings).toEqual([]);
});

describe.each(rows.map((row) => ({ id: row[0], row })))(
  '$id',
  ({ row: [id, texts, message, change, included = {}] }) => {
    const given = { objects, texts: included };
    const { findings, draft } = planned(change, texts, given);

    test(`finds "${message}"`, () => {
      expect(findings.map(({ rule }) => rule)).toEqual([id]);
      const [{ file, line, column, message: text } = expect.unreachable()] = findings;
      expect(`${[file, line, column].filter(Boolean).join(':')}: ${text}`).toContain(message);
      expect(text).not.toContain('hunter2');
    });

    test('is silenced by a comment in its file', () => {
      const [{ file, line } = expect.unreachable()] = findings;
      const name = file.replace('deploy/', '');
      const text = draft.inputs.texts[name];
      // What is not in a text file is silenced in the stack file's first lines.
      const lines = (text ?? draft.inputs.texts['stack.yml'] ?? '').split('\n');
      lines.splice(text && line ? line - 1 : 0, 0, `# waggle-ignore ${id}: seen and wanted`);
      const silenced = { ...draft.inputs.texts, [text ? name : 'stack.yml']: lines.join('\n') };
      expect(planned(change, silenced, given).findings).toEqual([]);
    });
  },
);

test.each([
  ['hunter2-key\n', 'ends with a line end'],
  ['hunter2-key  ', 'ends with a blank'],
  ['hunter2\r\nkey', 'has line ends of Windows'],
  ['\uFEFFhunter2-key', 'begins with a byte order mark'],
  ['-----BEGIN-----\nhunter2\n-----END-----\n', undefined],
  ['hunter2 key', undefined],
])('the secret %j: %s', (value, message) => {
  const { findings } = planned({}, `${stack()}${SECRET}`, { objects: { secret_key: value } });
  const said = findings.filter(({ rule }) => rule === 'secret-whitespace').map(({ message: text }) => text);
  expect(said).toEqual(message ? [expect.stringContaining(message)] : []);
  expect(said.join()).not.toContain('hunter2');
});

test('each rule has a row, a reason, and an id of its own', () => {
  const ids = new Set([...rows.map(([id]) => id), 'secret-whitespace', 'unused-secret']);
  expect([...ids].sort()).toEqual(rules.map(({ id }) => id).sort());
  for (const { reason } of rules) expect(reason.length).toBeGreaterThan(20);
});

test('a finding that is an error stops the release, with its rule', () => {
  const broken = planned({}, cluster('KEY=changeme\n'), given);
  expect(() => broken.release()).toThrow(
    expect.objectContaining({ details: [expect.stringContaining('[placeholder]')] }),
  );
});

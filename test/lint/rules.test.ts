import { describe, expect, test } from 'vitest';
import type { Inputs } from '../../src/config/inputs.ts';
import { rules } from '../../src/lint/rules.ts';
import { gitFacts, planned } from '../fakes/inputs.ts';

/** A service that no rule finds fault with; a row spoils one thing. */
const SOUND: Record<string, string> = {
  image: 'x:1',
  healthcheck: '{ test: [CMD, ok], interval: 5s, timeout: 3s, retries: 2 }',
  stop_grace_period: '60s',
  deploy: '{ update_config: { failure_action: rollback, monitor: 20s } }',
  networks: '[inside]',
};
const ENCRYPTED = '{ driver_opts: { encrypted: "true" } }';
const stack = (change: Record<string, string | undefined> = {}, top = '') => {
  const lines = Object.entries({ ...SOUND, ...change }).filter(([, value]) => value !== undefined);
  return `services:\n  a:\n${lines.map(([key, value]) => `    ${key}: ${value}\n`).join('')}${top || `networks: { inside: ${ENCRYPTED} }\n`}`;
};
const cluster = (more: string) => ({
  'cluster.env': `DEPLOY_MANAGER_HOST=m1\nSTACK_NAME=shop\n${more}`,
  // The stack names the variable, so that it is used.
  'stack.yml': `${stack()}# ${more}`,
});
const deploy = (text: string) => `{ ${text} }`;
const SECRET = 'secrets: { s: { external: true, name: "${SECRET_KEY_SECRET}" } }\n';
const GOOD = 'failure_action: rollback, monitor: 20s';
const WORKERS = stack({
  build: '{ context: .. }',
  deploy: deploy(`replicas: "\${WORKER_REPLICAS:-1}", update_config: { ${GOOD} }`),
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
    stack({ deploy: deploy(`labels: { rule: "Host(shop.example.com)" }, update_config: { ${GOOD} }`) }),
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
    'short-monitor',
    stack({ healthcheck: '{ test: x, interval: 10s, retries: 3, start_period: 5s }' }),
    'is 20s, but the healthcheck needs 125s',
  ],
  [
    'short-monitor',
    stack({ deploy: deploy('update_config: { failure_action: rollback }') }),
    'is 5s, but the healthcheck needs 16s',
  ],
  [
    'start-first',
    stack({
      deploy: deploy(`update_config: { ${GOOD}, order: start-first }`),
      ports: '[{ target: 1, published: 80, mode: host }]',
    }),
    'holds port 80',
  ],
  [
    'start-first',
    stack(
      { deploy: deploy(`update_config: { ${GOOD}, order: start-first }`), volumes: '["d:/d"]' },
      `volumes: { d: {} }\nnetworks: { inside: ${ENCRYPTED} }\n`,
    ),
    'write to the volume d',
  ],
  [
    'paused-failure',
    stack({ deploy: deploy('update_config: { failure_action: pause, monitor: 20s }') }),
    'is pause',
  ],
  ['paused-failure', stack({ deploy: deploy('update_config: { monitor: 20s }') }), 'is pause'],
  [
    'no-stop-grace',
    stack({ build: '.', stop_grace_period: undefined }),
    'services.a has no stop_grace_period',
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
        deploy: deploy(`replicas: 3, update_config: { ${GOOD}, order: start-first }`),
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
        deploy: deploy(`mode: global, update_config: { ${GOOD} }`),
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
    stack({ secrets: '[{ source: s, mode: 400 }]' }, `networks: { inside: ${ENCRYPTED} }\n${SECRET}`),
    'is the decimal 400, which is the mode 0620',
  ],
  [
    'unknown-setting',
    { ...cluster('DEPLOY_TIMEOUTT=5\n'), 'stack.yml': stack() },
    'DEPLOY_TIMEOUTT is no setting, and no stack file uses it: did you mean DEPLOY_TIMEOUT?',
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
  ['plain-overlay', stack({}, 'networks: { inside: {} }\n'), 'networks.inside is not encrypted'],
  [
    'plain-overlay',
    stack({ networks: undefined }),
    'stack.yml:2:3: services.a is on the default network, unencrypted',
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
  const ids = new Set([...rows.map(([id]) => id), 'secret-whitespace']);
  expect([...ids].sort()).toEqual(rules.map(({ id }) => id).sort());
  for (const { reason } of rules) expect(reason.length).toBeGreaterThan(20);
});

test('a finding that is an error stops the release, with its rule', () => {
  const broken = planned({}, cluster('KEY=changeme\n'), given);
  expect(() => broken.release()).toThrow(
    expect.objectContaining({ details: [expect.stringContaining('[placeholder]')] }),
  );
});

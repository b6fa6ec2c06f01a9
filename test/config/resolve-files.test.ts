import { expect, test } from 'vitest';
import type { Inputs } from '../../src/config/inputs.ts';
import { planned } from '../fakes/inputs.ts';

type Texts = Record<string, string>;

/** The services of a stack whose files are these. */
const services = (texts: Texts, change: Partial<Inputs> = {}) =>
  planned(change, texts, { objects: {} }).release().document.services ?? {};

function problems(texts: Texts, change: Partial<Inputs> = {}): readonly string[] {
  try {
    services(texts, change);
    return [];
  } catch (error) {
    return (error as { details: readonly string[] }).details;
  }
}

const stack = (text: string, files: Texts = {}) => ({ 'stack.yml': `services:\n${text}`, ...files });
const BASE = `services:
  base:
    image: "b:1"
    command: [a]
    environment: { A: "1", B: "2" }
    ports: ["80:80"]
    networks: { default: { aliases: [q] } }
`;

test.each<[string, string, Texts, object]>([
  [
    'a service of the same file',
    '  base: { image: "b:1", environment: { A: "1", B: "2" } }\n  a: { extends: base, environment: [B=3] }\n',
    {},
    { image: 'b:1', environment: { A: '1', B: '3' } },
  ],
  [
    'a service of another file',
    '  a: { extends: { service: base, file: base.yml }, environment: { B: "3" }, command: [x, y] }\n',
    { 'base.yml': BASE },
    { image: 'b:1', environment: { A: '1', B: '3' }, command: ['x', 'y'] },
  ],
  [
    'a chain over two files',
    '  a: { extends: { service: middle, file: other/middle.yml }, hostname: h }\n',
    {
      'other/middle.yml': 'services:\n  middle: { extends: { service: base, file: ../base.yml }, user: u }\n',
      'base.yml': BASE,
    },
    { image: 'b:1', user: 'u', hostname: 'h' },
  ],
  [
    'a service that extends another one of its file',
    '  a: { extends: { service: middle, file: base.yml } }\n',
    { 'base.yml': `${BASE}  middle: { extends: { service: base }, user: u }\n` },
    { image: 'b:1', user: 'u' },
  ],
  [
    'both ports and all aliases',
    '  a: { extends: { service: base, file: base.yml }, ports: ["81:81", "80:80"], networks: { default: { aliases: [r] } } }\n',
    { 'base.yml': BASE },
    {
      networks: { default: { aliases: ['q', 'r'] } },
      ports: [
        { target: 80, published: 80 },
        { target: 81, published: 81 },
      ].map((port) => expect.objectContaining(port)),
    },
  ],
  [
    'a secret under two names, and a dependency that is named like a key',
    '  command: { image: "c:1" }\n  a: { extends: { service: base, file: b.yml }, secrets: [{ source: s, target: t }], depends_on: { command: { required: false } } }\nsecrets: { s: { external: true } }\n',
    {
      'b.yml':
        'services:\n  base: { image: "b:1", secrets: [s], depends_on: { command: { condition: service_healthy } } }\n',
    },
    {
      secrets: ['s', { source: 's', target: 't' }],
      depends_on: { command: { condition: 'service_healthy', required: false } },
    },
  ],
  [
    'names without a value over its values',
    '  a: { extends: { service: base, file: b.yml }, environment: [V], labels: { V: }, deploy: { labels: [V] } }\n',
    {
      'b.yml':
        'services:\n  base: { image: "b:1", environment: { V: "1", W: "2" }, labels: [V=1], deploy: { labels: { V: "1" } } }\n',
    },
    { environment: { V: null, W: '2' }, labels: { V: null }, deploy: { labels: { V: null } } },
  ],
  [
    'a dependency in a list over one with a condition',
    '  p: { image: "p:1" }\n  a: { extends: { service: base, file: b.yml }, depends_on: [p] }\n',
    { 'b.yml': 'services:\n  base: { image: "b:1", depends_on: { p: { condition: service_healthy } } }\n' },
    { depends_on: { p: { condition: 'service_started', required: true } } },
  ],
  [
    'a build without a context, which is then its own folder',
    '  a: { extends: { service: base, file: sub/b.yml } }\n',
    { 'sub/b.yml': 'services:\n  base: { image: "${REGISTRY}/team/w:1", build: { dockerfile: D } }\n' },
    { build: expect.not.objectContaining({ context: expect.anything() }) },
  ],
  [
    'what is not reset',
    '  a: { extends: { service: base, file: base.yml }, ports: !reset [], environment: !override { C: "1" } }\n',
    { 'base.yml': BASE },
    { image: 'b:1', environment: { C: '1' } },
  ],
  [
    'the file that a variable names',
    '  a: { extends: { service: base, file: "${WHICH}.yml" } }\n',
    { 'base.yml': BASE, 'prod.env': 'WHICH=base\n' },
    { image: 'b:1' },
  ],
  [
    'paths that lead from the other file',
    '  a: { extends: { service: web, file: ../infra/web.yml } }\n',
    { '../infra/web.yml': 'services:\n  web: { image: "${REGISTRY}/team/w:${DEPLOY_TAG}", build: . }\n' },
    { build: '../infra' },
  ],
])('a service extends %s', (_what, text, files, expected) => {
  const found = services(stack(text, files));
  expect(found.a).toMatchObject(expected);
  expect(found.a).not.toHaveProperty('extends');
});

const OTHER = '  other: { image: "o:1" }\n';
const DB =
  'services:\n  db: { image: "db:1", environment: [LEVEL] }\nnetworks: { back: { driver_opts: { encrypted: "true" } } }\n';
const include = (text: string, files: Texts, own = '') => ({
  'stack.yml': `include:\n${text}\nservices:\n${OTHER}${own}`,
  ...files,
});

test.each<[string, Texts, object]>([
  ['a file', include('  - db.yml', { 'db.yml': DB }), { db: { image: 'db:1' }, other: { image: 'o:1' } }],
  [
    'files that include others, each of which leads on from its own folder',
    include('  - infra/all.yml', {
      'infra/all.yml': 'include: [db/db.yml]\n',
      'infra/db/db.yml': 'services:\n  db: { image: "db:1", build: ./image }\n',
    }),
    { db: { build: 'infra/db/image' } },
  ],
  [
    'one file by two ways, once',
    include('  - one.yml\n  - two.yml', {
      'one.yml': 'include: [db.yml]\n',
      'two.yml': 'include: [db.yml]\n',
      'db.yml': 'services:\n  db: { image: "db:1", cap_add: [A], ports: ["5:5"] }\n',
    }),
    { db: { cap_add: ['A'], ports: [{ target: 5, published: 5, protocol: 'tcp', mode: 'ingress' }] } },
  ],
  [
    'a service that this file changes, and then extends',
    include('  - db.yml', { 'db.yml': DB }, '  db: { user: u }\n  more: { extends: db, hostname: h }\n'),
    { db: { image: 'db:1', user: 'u' }, more: { image: 'db:1', user: 'u', hostname: 'h' } },
  ],
  [
    'a file with another one laid over it',
    include('  - path: [db.yml, over.yml]', {
      'db.yml': DB,
      'over.yml': 'services:\n  db: { image: "db:2" }\n',
    }),
    { db: { image: 'db:2' } },
  ],
  [
    'builds without a context, in the folder of the file that is included',
    include('  - path: [sub/db.yml, sub/over.yml]', {
      'sub/db.yml':
        'services:\n  db: { image: "${REGISTRY}/team/d:1", build: ./img }\n  web: { image: "${REGISTRY}/team/w:1", build: { target: t } }\n',
      'sub/over.yml': 'services:\n  db: { build: { dockerfile: D } }\n',
    }),
    {
      db: { build: { context: 'sub/img', dockerfile: 'D' } },
      web: { build: { context: 'sub', target: 't' } },
    },
  ],
  [
    'the first of two files that have one service',
    include('  - db.yml\n  - b.yml', { 'db.yml': DB, 'b.yml': 'services:\n  db: { image: "x:1" }\n' }),
    { db: { image: 'db:1' } },
  ],
  [
    'with a project directory, from which its paths lead, those of extends as well',
    include('  - { path: infra/db.yml, project_directory: . }', {
      'infra/db.yml':
        'services:\n  db: { extends: { service: base, file: infra/base.yml }, build: ./image }\n',
      'infra/base.yml': 'services:\n  base: { image: "db:1" }\n',
    }),
    { db: { image: 'db:1', build: './image' } },
  ],
  [
    'with .env of its folder, which only it sees',
    include(
      '  - infra/db.yml',
      {
        'infra/db.yml': 'services:\n  db: { image: "db:${TAG}", environment: [LEVEL, STACK] }\n',
        'infra/.env': 'TAG=9\nLEVEL=low\n',
      },
      '  more: { image: "m:${TAG:-1}" }\n',
    ),
    { db: { image: 'db:9', environment: { LEVEL: 'low' } }, more: { image: 'm:1' } },
  ],
  [
    'with env files, of which the later wins, and the project over both',
    include('  - { path: db.yml, env_file: [a.env, b.env] }', {
      'db.yml': 'services:\n  db: { image: "db:${A}-${B}-${C}" }\n',
      'a.env': 'A=1\nB=1\nC=1\n',
      'b.env': 'B=2\nC=2\n',
      'prod.env': 'C=3\n',
      '.env': 'A=no\n',
    }),
    { db: { image: 'db:1-2-3' } },
  ],
  [
    'with no env file at all',
    include('  - { path: db.yml, env_file: /dev/null }', {
      'db.yml': 'services:\n  db: { image: "db:${A:-none}" }\n',
      '.env': 'A=no\n',
    }),
    { db: { image: 'db:none' } },
  ],
])('the stack file includes %s', (_what, texts, expected) => {
  expect(services(texts)).toMatchObject(expected);
});

test('networks, secrets and configs come with an included file, with paths that lead from it', () => {
  const { draft } = planned(
    {},
    include('  - infra/db.yml', {
      'infra/db.yml': `${DB}secrets: { key: { file: ./key.txt } }\nname: infra\nx-a: 1\n`,
    }),
  );
  expect(draft.objects).toMatchObject([{ key: 'key', wanted: { file: 'infra/key.txt' } }]);
  expect(draft.document.networks).toEqual({ back: { driver_opts: { encrypted: 'true' } } });
  expect(draft.document).not.toHaveProperty('x-a');
});

test('a network that both files declare has the keys of both, and each subnet once', () => {
  const texts = {
    'stack.yml': `include: [db.yml]\nservices: { a: { image: "a:1" } }\nnetworks: { back: { internal: true, ipam: { config: [{ subnet: 10.1.0.0/24 }] } } }\n`,
    'db.yml':
      'services: { db: { image: "d:1" } }\nnetworks: { back: { attachable: true, ipam: { config: [{ subnet: 10.1.0.0/24 }] } } }\n',
  };
  expect(planned({}, texts).draft.document.networks).toEqual({
    back: { internal: true, attachable: true, ipam: { config: [{ subnet: '10.1.0.0/24' }] } },
  });
});

test('a value of an included env file is shown by its name, also if two files differ in it', () => {
  const texts = include('  - a/a.yml\n  - b/b.yml', {
    'a/a.yml': 'services:\n  a: { image: "a:1", environment: { X: "${WORD}" } }\n',
    'a/.env': 'WORD=hunter2-a\n',
    'b/b.yml': 'services:\n  b: { image: "b:1", environment: { X: "${WORD}" } }\n',
    'b/.env': 'WORD=hunter2-b\n',
  });
  const { template, sensitive } = planned({}, texts, { objects: {} }).release();
  expect(JSON.stringify(template)).not.toContain('hunter2');
  expect(template.services?.b?.environment).toEqual({ X: '${WORD}' });
  const values = Object.values(sensitive).map((value) => value.revealText());
  expect(values).toEqual(expect.arrayContaining(['hunter2-a', 'hunter2-b']));
});

const BIG = { '../big.yml': 'has 5.0 MiB: at most 4 are read', 'none.yml': 'does not exist' };

test.each<[string, Texts, string]>([
  [
    'of a service that is not there',
    stack('  a: { extends: bse }\n  base: { image: "b:1" }\n'),
    'deploy/stack.yml:2:8: services.a.extends names bse, which this file does not have: did you mean base?',
  ],
  [
    'of a service that the file does not have',
    stack('  a: { extends: { service: bse, file: base.yml } }\n', { 'base.yml': BASE }),
    'deploy/stack.yml:2:8: services.a.extends names bse, which base.yml does not have: did you mean base?',
  ],
  [
    'of a file that is not there',
    stack('  a: { extends: { service: x, file: none.yml } }\n'),
    'deploy/stack.yml:2:8: services.a.extends names none.yml, which does not exist',
  ],
  [
    'of a file that is too large',
    stack('  a: { extends: { service: x, file: ../big.yml } }\n'),
    'deploy/stack.yml:2:8: services.a.extends names ../big.yml, which has 5.0 MiB: at most 4 are read',
  ],
  [
    'of a file outside of the project',
    stack('  a: { extends: { service: x, file: ../../x.yml } }\n'),
    'deploy/stack.yml:2:8: services.a.extends names ../../x.yml, which is outside of the project: put the file into it',
  ],
  [
    'of a file of another machine',
    stack('  a: { extends: { service: x, file: "oci://r.io/x" } }\n'),
    'deploy/stack.yml:2:8: services.a.extends names oci://r.io/x, which is not on this machine: put the file into the project',
  ],
  [
    'of no service',
    stack('  a: { extends: { file: base.yml } }\n', { 'base.yml': BASE }),
    'deploy/stack.yml:2:8: services.a.extends needs service: the name of the service',
  ],
  [
    'with another key',
    stack('  a: { extends: { service: b, as: c } }\n'),
    'deploy/stack.yml:2:8: services.a.extends has the key as: only service and file are known',
  ],
  [
    'of itself',
    stack('  a: { extends: a }\n'),
    'deploy/stack.yml:2:8: services.a.extends goes round in a circle: a in deploy/stack.yml, a in deploy/stack.yml',
  ],
  [
    'in a circle of files',
    stack('  a: { extends: { service: b, file: b.yml } }\n', {
      'b.yml': 'services:\n  b: { extends: { service: a, file: stack.yml } }\n',
    }),
    'deploy/stack.yml:2:8: services.a.extends goes round in a circle: a in deploy/stack.yml, b in deploy/b.yml, a in deploy/stack.yml',
  ],
  ['include that is no list', include('  db.yml', {}), 'deploy/stack.yml:1:1: include must be a list'],
  [
    'include of a number',
    include('  - 5', {}),
    'deploy/stack.yml:2:5: include must be paths, or maps with path, project_directory and env_file',
  ],
  [
    'include without a path',
    include('  - { env_file: a }', {}),
    'deploy/stack.yml:2:5: include needs a path: text, or a list of texts',
  ],
  [
    'include with another key',
    include('  - { path: a, paths: b }', {}),
    'deploy/stack.yml:2:5: include has the key paths: only path, project_directory, env_file are known',
  ],
  [
    'include of nothing',
    include('  - none.yml', {}),
    'deploy/stack.yml:2:5: include names none.yml, which does not exist',
  ],
  [
    'include with an env file that is not there',
    include('  - { path: db.yml, env_file: none.yml }', { 'db.yml': 'services:\n  db: { image: "d:1" }\n' }),
    'deploy/stack.yml:2:5: include names none.yml, which does not exist',
  ],
  [
    'include of the file itself',
    include('  - stack.yml', {}),
    'deploy/stack.yml:2:5: include goes round in a circle: deploy/stack.yml, deploy/stack.yml',
  ],
  [
    'include in a circle',
    include('  - a.yml', { 'a.yml': 'include: [stack.yml]\n' }),
    'deploy/a.yml:1:11: include goes round in a circle: deploy/stack.yml, deploy/a.yml, deploy/stack.yml',
  ],
])('%s is told with its place', (_what, texts, message) => {
  expect(problems(texts, { unread: BIG })).toContain(message);
});

test.each<[string, Texts, string]>([
  [
    'a variable',
    { 'base.yml': 'services:\n  base:\n    image: "b:${NOPE}"\n' },
    'deploy/base.yml:3:15: NOPE is not set',
  ],
  [
    'a wrong value',
    { 'base.yml': 'services:\n  base:\n    image: "b:1"\n    init: perhaps\n' },
    'deploy/base.yml:4:5: services.base.init must be true or false',
  ],
  [
    'an unknown key',
    { 'base.yml': 'services:\n  base:\n    image: "b:1"\n    imag: x\n' },
    'deploy/base.yml:4:5: services.a.imag is not a key',
  ],
  [
    'what Swarm does not take',
    { 'base.yml': 'services:\n  base:\n    image: "b:1"\n    pid: host\n' },
    'deploy/base.yml:4:5: services.a.pid is not supported',
  ],
  [
    'a bind of a folder',
    { 'base.yml': 'services:\n  base:\n    image: "b:1"\n    volumes: ["./a:/a"]\n' },
    'deploy/base.yml:4:15: services.base.volumes.0 binds ./a',
  ],
  ['broken YAML', { 'base.yml': 'services:\n  base: [\n' }, 'deploy/base.yml:'],
  [
    'what is only in another service of it is not told',
    { 'base.yml': `${BASE}  bad: { image: "\${NOPE}", pid: host, init: perhaps, volumes: ["./a:/a"] }\n` },
    '',
  ],
])('%s of a file that is extended names that file', (_what, files, message) => {
  const found = problems(stack('  a: { extends: { service: base, file: base.yml } }\n', files));
  if (message === '') expect(found).toEqual([]);
  else expect(found).toEqual(expect.arrayContaining([expect.stringContaining(message)]));
});

test('a warning about an included service names its file, and a comment there silences it', () => {
  const findings = (comment: string) =>
    planned(
      {},
      include('  - db.yml', {
        'db.yml': `services:\n  db:\n    image: "db:1" ${comment}\n    container_name: x\n`,
      }),
    ).findings.filter(({ rule }) => rule === 'ignored-key');
  expect(findings('')).toMatchObject([{ file: 'deploy/db.yml', line: 4, level: 'warning' }]);
  expect(findings('# waggle-ignore ignored-key')).toEqual([]);
});

test('five hundred services that extend one of their file are read in seconds', () => {
  const more = Array.from(
    { length: 500 },
    (_, at) => `  s${at}: { extends: base, command: [a, b], labels: [a=b, c=d], ports: ["${at + 1}:1"] }\n`,
  );
  const begun = performance.now();
  const { draft } = planned({}, stack(`  base: { image: "b:1" }\n${more.join('')}`));
  expect(draft.problems).toEqual([]);
  // Minutes, where every list of the file is compared with every place in it for every service.
  expect(performance.now() - begun).toBeLessThan(60_000);
});

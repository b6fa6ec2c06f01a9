import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { runWaggle } from './run-waggle.ts';

const folder = mkdtempSync(join(tmpdir(), 'waggle-secrecy-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Every place that a value can come from, each with one of its own. */
const STACK = `include: [{ path: included.yml, env_file: included.env }]
services:
  a:
    image: b:1
    env_file: a.env
    environment: { OWN_PASSWORD: hunter2-in-stack, GIVEN_TOKEN: "\${GIVEN_TOKEN}" }
    secrets: [file, variable, program]
    command: [run, --requirepass, "\${PASSWORD_V2}"]
    labels: ["of.\${BASIC_AUTH}=\${JDBC_URL}"]
    healthcheck: { test: "x \${TLS_PEM} \${ONLY_HERE}" }
secrets:
  file: { file: secrets/file.txt }
  variable: { external: true, name: "\${VARIABLE_SECRET}" }
  program: { external: true, name: "\${PROGRAM_SECRET}" }
`;
const FILES: Record<string, string> = {
  'cluster.env': 'DEPLOY_MANAGER_HOST=127.0.0.1\nDEPLOY_MANAGER_SSH_PORT=1\nSTACK_NAME=shop\nDEPLOY_TAG=v1\n',
  'registry.env':
    'REGISTRY=r.io\nREGISTRY_NAMESPACE=n\nREGISTRY_USERNAME=u\nREGISTRY_TOKEN=hunter2-registry\n',
  'prod.env':
    'GIVEN_TOKEN=hunter2-given\nPASSWORD_V2=hunter2-v2\nBASIC_AUTH=a:hunter2-basic\nJDBC_URL=jdbc:x?password=hunter2\nTLS_PEM="-----BEGIN\nhunter2-line\n-----END"\nODD=hunter2-odd\n',
  'included.yml': 'services: { i: { image: "b:1", command: ["${INCLUDED_WORD}"] } }\n',
  'included.env': 'INCLUDED_WORD=hunter2-included\n',
  'a.env': 'FILE_PASSWORD=hunter2-env-file\n',
  'secrets/file.txt': 'hunter2-file',
  'secret-commands.yml': 'program: [echo, hunter2-program]\n',
  'stack.yml': STACK,
};

const runs: readonly (readonly [what: string, argv: readonly string[], change: Record<string, string>])[] = [
  ['a plan that asks nobody', ['plan', '--offline'], {}],
  ['the stack as it is sent', ['config'], {}],
  ['what values come from', ['config', '--origins'], {}],
  ['a plan without a cluster', ['plan'], {}],
  ['a plan as JSON', ['plan', '--json'], {}],
  ['a deploy without a cluster', ['deploy'], {}],
  ['a deploy as events', ['deploy', '--json'], {}],
  ['a stack that is no YAML', ['deploy'], { 'stack.yml': `${STACK}  bad: [hunter2-in-stack\n` }],
  [
    'a stack with a wrong shape',
    ['deploy'],
    { 'stack.yml': STACK.replace('image: b:1', 'image: { hunter2: hunter2 }') },
  ],
  [
    'env files with every fault',
    ['deploy'],
    { 'prod.env': 'GIVEN_TOKEN=hunter2#given\nGIVEN_TOKEN="hunter2\nhunter2\nX=$hunter2\n' },
  ],
  [
    'a secret that is repeated',
    ['deploy'],
    { 'prod.env': 'GIVEN_TOKEN=hunter2-given\nOTHER=hunter2-file\n' },
  ],
  [
    'a program that fails',
    ['deploy'],
    { 'secret-commands.yml': 'program: [sh, -c, "echo hunter2-program; echo hunter2 >&2; exit 1"]\n' },
  ],
  [
    'settings that are wrong',
    ['deploy'],
    { 'cluster.env': 'DEPLOY_MANAGER_HOST=\nSTACK_NAME=hunter2 HUNTER2\nDEPLOY_TIMEOUT=hunter2\n' },
  ],
  ...[
    'ports: ["${ODD}"]',
    'volumes: ["${ODD}/x:/x"]',
    'networks: ["${ODD}"]',
    'deploy: { mode: "${ODD}" }',
    'deploy: { placement: { constraints: ["${ODD}"] } }',
    'stop_grace_period: "${ODD}"',
    'x-waggle: { check: "${ODD} ${GIVEN_TOKEN}" }',
  ].map((line) => {
    const stack = STACK.replace('    secrets:', `    ${line}\n    secrets:`);
    return [`a value in ${line.replaceAll(/\W+/g, '-')}`, ['deploy'], { 'stack.yml': stack }] as const;
  }),
  ['a saved plan that is none', ['deploy', 'deploy/secrets/file.txt'], {}],
  ['a wrong command line', ['deploy', '--nope'], {}],
];

test.each(runs)('no value is in the output of %s', (what, argv, change) => {
  const root = join(folder, what.replaceAll(' ', '-'));
  mkdirSync(join(root, 'deploy/secrets'), { recursive: true });
  for (const [file, text] of Object.entries({ ...FILES, ...change }))
    writeFileSync(join(root, 'deploy', file), text);
  const env = {
    DEBUG: '*',
    WAGGLE_SECRET_VARIABLE: 'hunter2-variable',
    ONLY_HERE: 'hunter2-only',
    GITHUB_ACTIONS: 'true',
  };
  const { stdout, stderr, status } = runWaggle(root, argv, env);
  // A crash would show neither: it must be a run that ended as it should.
  expect([0, 3, 4, 64]).toContain(status);
  expect(stdout + stderr).not.toBe('');
  expect((stdout + stderr).replaceAll(root, '')).not.toMatch(/hunter2/i);
});

test('the fixture is one that plans', () => {
  cpSync(join(folder, 'a-plan-that-asks-nobody'), join(folder, 'again'), { recursive: true });
  const env = { WAGGLE_SECRET_VARIABLE: 'hunter2-variable', ONLY_HERE: 'hunter2-only' };
  const { stdout } = runWaggle(join(folder, 'again'), ['plan', '--offline'], env);
  expect(stdout).toContain('secret program -> shop_program_v1_');
});

test('config shows every value of the stack to who asks for values', () => {
  cpSync(join(folder, 'a-plan-that-asks-nobody'), join(folder, 'shown'), { recursive: true });
  const env = { WAGGLE_SECRET_VARIABLE: 'hunter2-variable', ONLY_HERE: 'hunter2-only' };
  const { stdout, stderr } = runWaggle(join(folder, 'shown'), ['config', '--show-values'], env);
  const values = ['in-stack', 'given', 'v2', 'basic', 'line', 'only', 'env-file', 'included'];
  for (const value of values) expect(stdout).toContain(`hunter2-${value}`);
  // The content of a secret is not in the stack.
  expect(stdout).not.toMatch(/hunter2-(file|variable|program|registry)/);
  expect(stderr).toBe('');
});

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { mergeStacks } from '../../src/config/merge-stack.ts';
import { parseStack } from '../../src/config/parse-stack.ts';
import { planned } from '../fakes/inputs.ts';

const AROUND = `
networks: { x: {}, zz: {}, backend: {}, other: {} }
volumes: { vv: {}, ww: {}, x: {} }
secrets: { s: { external: true }, t: { external: true }, u: { external: true } }
configs: { s: { external: true } }
`;
const stackFiles = ['stack.yml', 'over.yml'];

/** The service a of two files. */
function layer(base: string, over: string) {
  const others = '  other: { image: "b:1" }\n  zz: { image: "b:1" }\n  b: { image: "b:1" }\n';
  const texts = {
    'stack.yml': `services:\n  a:\n    image: b:1\n    ${base}\n${others}${AROUND}`,
    'over.yml': `services:\n  a:\n    ${over}\n`,
  };
  const { image: _, ...service } =
    planned({ stackFiles }, texts, { objects: {} }).release().document.services?.a ?? {};
  return service;
}

/** After `!=` stands what Waggle makes of it where Docker loses what the later file says. */
const recorded = readFileSync(new URL('../corpus/merges.txt', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line.includes('  =>  '))
  .map((line) => line.split(/ {2}(?:<-|=>|!=) {2}/) as [string, string, string, string | undefined]);

test.each(recorded)('%s under %s is what Docker makes of it', (base, over, docker, waggle = docker) => {
  expect(layer(base, over)).toEqual(JSON.parse(waggle));
});

test.each([
  ['entrypoint: [a, b]', 'entrypoint: c d', { entrypoint: 'c d' }],
  ['command: [a, b]', 'command: ""', { command: '' }],
  ['dns: [1.1.1.1]', 'dns: 1.1.1.1', { dns: ['1.1.1.1'] }],
  ['cap_add: [A, B]', 'cap_add: [B, C]', { cap_add: ['A', 'B', 'C'] }],
  ['sysctls: [a=1, b=2]', 'sysctls: { b: 3 }', { sysctls: { a: '1', b: 3 } }],
  ['tmpfs: /a', 'tmpfs: [/b]', { volumes: ['/a', '/b'].map((target) => ({ type: 'tmpfs', target })) }],
  ['secrets: [t, s]', 'secrets: [{ source: s, uid: "2" }]', { secrets: [{ source: 's', uid: '2' }, 't'] }],
  ['restart: always', 'restart: "no"', { deploy: { restart_policy: { condition: 'none' } } }],
])('%s under %s merges to one value', (base, over, expected) => {
  expect(layer(base, over)).toEqual(expected);
});

test.each([
  ['environment: 5', 'environment: { A: "1" }', 'deploy/stack.yml:4:5: services.a.environment must be a map'],
  ['ports: ["80:80"]', 'ports:', 'deploy/over.yml:3:5: services.a.ports must be a list'],
  ['user: x', 'environment:', 'deploy/over.yml:3:5: services.a.environment must be a map'],
  ['command: [a]', 'command:', 'deploy/over.yml:3:5: services.a.command must be'],
])('%s under %s is wrong in the file that has it', (base, over, message) => {
  expect(() => layer(base, over)).toThrow(
    expect.objectContaining({ details: [expect.stringContaining(message)] }),
  );
});

function merge(base: string, over: string) {
  const [a, b] = [base, over].map((text) => parseStack('stack.yml', text, () => undefined));
  return mergeStacks(a?.document ?? {}, b?.document ?? {}, b?.marks ?? new Map());
}

test.each([
  ['networks: { n: { driver: d, labels: { a: "1" } } }', 'networks: { n: { attachable: true } }'],
  ['volumes: { n: { driver: d, labels: { a: "1" } } }', 'volumes: { n: { name: other } }'],
  ['secrets: { n: { file: a, labels: { a: "1" } } }', 'secrets: { n: { file: b } }'],
])('%s is replaced as a whole', (base, over) => {
  expect(merge(base, over)).toEqual(merge('', over));
});

test.each([
  ['tty: !override false', { tty: 'false', cap_add: ['A'], deploy: { replicas: 2 } }],
  ['cap_add: !override [B]', { tty: true, cap_add: ['B'], deploy: { replicas: 2 } }],
  ['deploy: { replicas: !reset }', { tty: true, cap_add: ['A'], deploy: {} }],
])('%s does what compose has it for', (over, service) => {
  const base = 'services: { a: { tty: true, cap_add: [A], deploy: { replicas: 2 } } }';
  expect(merge(base, `services: { a: { ${over} } }`).services).toEqual({ a: service });
});

test('what a file resets has no shape: it is gone, wherever it stands', () => {
  const texts = {
    'stack.yml': `services: { a: { image: "b:1", deploy: { replicas: 2, resources: { limits: { memory: 1G } } } } }${AROUND}`,
    'over.yml':
      'services: { a: { deploy: { replicas: !reset , resources: !reset null } } }\nnetworks: { x: { driver_opts: !reset null } }\n',
  };
  const { document } = planned({ stackFiles }, texts, { objects: {} }).release();
  expect(document.services?.a?.deploy).toEqual({});
  expect(document.networks?.x).toEqual({});
});

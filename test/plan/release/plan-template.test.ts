import { expect, test } from 'vitest';
import { release } from '../../fakes/inputs.ts';

const PROD = `A=hunter2-a
B=hunter2-b
PORT=8080
EVERY=30s
MOUNT=/hunter2-host:/inside
NAMES=hunter2-1 hunter2-2
MODE=host
EMPTY=
`;
const templateOf = (service: string, rest = '') =>
  release(
    {},
    { 'stack.yml': `services: { a: { image: "b:1", ${service} } }\n${rest}`, 'prod.env': PROD },
    { objects: {} },
  ).template;

test.each<[string, object]>([
  ['command: [run, --pass, "${A}"]', { command: ['run', '--pass', '${A}'] }],
  ['command: "run ${A}$$1 ${A:-x}${EMPTY}"', { command: 'run ${A}$$1 ${A}' }],
  ['entrypoint: ["${A}-${B}", $$HOME]', { entrypoint: ['${A}-${B}', '$$HOME'] }],
  [
    'healthcheck: { test: "x ${A}", interval: "${EVERY}" }',
    { healthcheck: { test: 'x ${A}', interval: '${EVERY}' } },
  ],
  ['labels: { a: "${A}" }', { labels: { a: '${A}' } }],
  ['labels: ["a.${A}.b=${B}", c=$$1]', { labels: { 'a.${A}.b': '${B}', c: '$$1' } }],
  ['environment: ["${A}=x", B]', { environment: { '${A}': 'x', B: '${B}' } }],
  [
    'environment: { A: "${A:+set}", OWN_TOKEN: inline }',
    { environment: { A: 'set', OWN_TOKEN: '${OWN_TOKEN}' } },
  ],
  ['deploy: { replicas: "${EMPTY:-2}" }', { deploy: { replicas: 2 } }],
  ['ports: ["${PORT}:80"]', { ports: [{ target: 80, published: 8080, protocol: 'tcp', mode: 'ingress' }] }],
  [
    'ports: [{ target: 80, published: "${PORT}", mode: "${MODE}" }]',
    { ports: [{ target: 80, published: 8080, mode: '${MODE}' }] },
  ],
  ['volumes: ["${MOUNT}"]', { volumes: [{ type: 'bind', source: '${MOUNT}', target: '${MOUNT}' }] }],
  ['volumes: ["/x/${A}:/y"]', { volumes: [{ type: 'bind', source: '/x/${A}', target: '/y' }] }],
  ['hostname: "${A}", user: "${B}"', { hostname: '${A}', user: '${B}' }],
  ['extra_hosts: ["${A}:10.0.0.1"]', { extra_hosts: ['${A}:10.0.0.1'] }],
  [
    'logging: { driver: x, options: { token: "${A}" } }',
    { logging: { driver: 'x', options: { token: '${A}' } } },
  ],
  ['sysctls: ["${A}=1"]', { sysctls: ['${A}=1'] }],
  ['build: { context: ., args: { V: "${PORT}" } }', { build: { context: '.', args: { V: '${PORT}' } } }],
])('in place of %s stand names', (service, expected) => {
  const { a } = templateOf(service).services ?? {};
  expect(a).toMatchObject(expected);
  expect(JSON.stringify(a)).not.toContain('hunter2');
});

test('names of networks, volumes, secrets and configs are names of variables, too', () => {
  const rest = ['networks', 'volumes', 'secrets', 'configs'].map(
    (section) => `${section}: { n: { name: "\${A}", external: true } }`,
  );
  const template = templateOf(
    'networks: [n], volumes: ["n:/x"], secrets: [n], configs: [n]',
    rest.join('\n'),
  );
  expect(JSON.stringify(template)).not.toContain('hunter2');
});

test('a NUL in a text is a problem with its place', () => {
  const text = 'services:\n  a:\n    image: b:1\n    environment: { A: "x\\0y" }\n';
  const said = expect.objectContaining({
    details: [expect.stringMatching(/^deploy\/stack\.yml:4:\d+: services\.a\.environment\.A has a NUL/)],
  });
  expect(() => release({}, { 'stack.yml': text, 'prod.env': '' }, { objects: {} })).toThrow(said);
});

test('a number or a duration that is a variable takes no later stack file out of the template', () => {
  const more =
    'services: { c: { image: "b:1", command: [run, "${A}"], healthcheck: { interval: "${EVERY}" }, deploy: { replicas: "${PORT}" } } }';
  const { template, templates } = release(
    { stackFiles: ['stack.yml', 'more.yml'] },
    { 'stack.yml': 'services: { a: { image: "b:1" } }', 'more.yml': more, 'prod.env': PROD },
    { objects: {} },
  );
  expect(template.services?.c).toMatchObject({ command: ['run', '${A}'], deploy: { replicas: 8080 } });
  expect(JSON.stringify([template, templates])).not.toContain('hunter2');
  expect(templates).toHaveLength(1);
});

import { describe, expect, test } from 'vitest';
import { planned } from '../fakes/inputs.ts';

const service = (lines: string, more = '') => `services:\n  a:\n    image: b:1\n    ${lines}\n${more}`;
const plan = (text: string) => planned({}, text, { objects: {} });

describe('what Docker deploys is accepted', () => {
  test.each([
    `version: "3"\n${service('ports: ["80:80"]', 'volumes: { v: { name: w } }\n')}`,
    `version: "3.1"\n${service('init: true')}`,
    service('deploy: { placement: { constraints: ["node.Role == manager", "node.Labels.disk == ssd"] } }'),
    service('ports: ["0.0.0.0:80:80"]'),
    service('ports: ["53:53/UDP"]'),
    service('ports: ["[::]:80:80"]'),
    service('ports: [{ target: 80, published: 80, host_ip: 0.0.0.0 }]'),
    service('privileged: false'),
    service('oom_kill_disable: false'),
    `${service('tty: true')}---\n`,
    `${service('tty: true')}...\n# the end\n---\n\n`,
    `name: shop\n${service('tty: true')}`,
    service('logging: { driver: json-file, options: { tag: } }'),
    service('volumes: ["/var/run/docker.sock:/var/run/docker.sock:ro"]\n    ports: ["80:80", "443:443"]'),
    service('command: [--title, replacement]\n    environment: { TOPIC: exchange_messages }'),
  ])('%s', (text) => {
    expect(() => plan(text).release()).not.toThrow();
  });
});

test('version: is not sent, so that the newest schema of Docker holds', () => {
  expect(plan(`version: "3"\n${service('init: true')}`).release().document).toHaveProperty('version', '3');
});

test('a version without quotes is a number', () => {
  expect(() => plan(`version: 3.8\n${service('tty: true')}`).release()).toThrow(
    expect.objectContaining({
      details: [expect.stringContaining('deploy/stack.yml:1:1: version must be in quotes')],
    }),
  );
});

test('a name other than STACK_NAME is a warning at its line', () => {
  const { findings } = plan(`name: other\n${service('tty: true')}`);
  expect(findings).toContainEqual(
    expect.objectContaining({ rule: 'ignored-key', level: 'warning', line: 1 }),
  );
});

test('a value of prod.env that is used in six places is one finding, at its line', () => {
  const names = ['A', 'B', 'C', 'D', 'E', 'F'].map((name) => `${name}: "\${KEY}"`).join(', ');
  const texts = { 'prod.env': 'KEY=changeme\n', 'stack.yml': service(`environment: { ${names} }`) };
  const { findings } = planned({}, texts, { objects: {} });
  expect(findings.filter(({ rule }) => rule === 'placeholder')).toMatchObject([
    { file: 'deploy/prod.env', line: 1 },
  ]);
});

test.each([['unset-variable', service('environment: { A: "x${NOBODY}y" }'), { A: 'xy' }]])(
  '%s is an error, and silenced it is what Docker makes of it',
  (rule, text, environment) => {
    expect(() => plan(text).release()).toThrow(
      expect.objectContaining({ details: [expect.stringContaining(`[${rule}]`)] }),
    );
    const silenced = plan(`# waggle-ignore ${rule}\n${text}`).release();
    expect(silenced.document.services?.a?.environment).toEqual(environment);
  },
);

test('a dependency that is no service is left out of the order, with a warning', () => {
  const { findings } = plan(service('depends_on: [nobody]')).release();
  expect(findings.map(({ rule }) => rule)).toContain('unknown-dependency');
});

test('of a second document only the first is read once its rule is silenced', () => {
  const text = `${service('tty: true')}---\nservices: { other: { image: c:1 } }\n`;
  expect(() => plan(text).release()).toThrow();
  const { document } = plan(`# waggle-ignore second-document\n${text}`).release();
  expect(Object.keys(document.services ?? {})).toEqual(['a']);
});

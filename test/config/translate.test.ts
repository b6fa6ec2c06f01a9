import { expect, test } from 'vitest';
import { parseCommand } from '../../src/config/compose/parse-command.ts';
import { parseMount } from '../../src/config/compose/parse-mount.ts';
import { parsePort } from '../../src/config/compose/parse-port.ts';
import { expandDocument, translateDocument } from '../../src/config/compose/translate-document.ts';
import { parseStack } from '../../src/config/parse-stack.ts';
import { parseDuration, parseSize } from '../../src/config/parse-units.ts';

function translate(service: string) {
  const { document, positions } = parseStack(
    'stack.yml',
    `services:\n  a:\n    ${service}\n`,
    () => undefined,
  );
  const translated = translateDocument(expandDocument(document, positions).document, positions, 'shop');
  const services = translated.document.services as Record<string, unknown>;
  return { a: services.a, findings: translated.findings };
}

test.each([
  ['restart: always', { deploy: { restart_policy: { condition: 'any' } } }],
  ['restart: unless-stopped', { deploy: { restart_policy: { condition: 'any' } } }],
  ['restart: on-failure:3', { deploy: { restart_policy: { condition: 'on-failure', max_attempts: 3 } } }],
  ['restart: "no"', { deploy: { restart_policy: { condition: 'none' } } }],
  ['mem_limit: 512m', { deploy: { resources: { limits: { memory: '512m' } } } }],
  ['mem_reservation: 64m', { deploy: { resources: { reservations: { memory: '64m' } } } }],
  ['cpus: 0.5', { deploy: { resources: { limits: { cpus: 0.5 } } } }],
  ['pids_limit: 9', { deploy: { resources: { limits: { pids: 9 } } } }],
  ['scale: 2', { deploy: { replicas: 2 } }],
  ['tmpfs: /run', { volumes: [{ type: 'tmpfs', target: '/run' }] }],
  ['tmpfs: ["/run:size=1m"]', { volumes: [{ type: 'tmpfs', target: '/run', tmpfs: { size: 1024 ** 2 } }] }],
  ['shm_size: 1g', { volumes: [{ type: 'tmpfs', target: '/dev/shm', tmpfs: { size: 1024 ** 3 } }] }],
  ['platform: linux/arm64', { deploy: { placement: { constraints: ['node.platform.arch == aarch64'] } } }],
  [
    'ports: [{ target: 80, published: 80, name: web, app_protocol: http }]',
    { ports: [{ target: 80, published: 80 }] },
  ],
  [
    'volumes: [{ type: bind, source: /a, target: /b, bind: { create_host_path: true } }]',
    { volumes: [{ type: 'bind', source: '/a', target: '/b', bind: {} }] },
  ],
])("%s means the same in Docker's keys", (service, expected) => {
  expect(translate(service)).toEqual({ a: expected, findings: [] });
});

test('what is written in both ways keeps the one that Docker knows', () => {
  const { a } = translate('{ mem_limit: 1g, deploy: { resources: { limits: { memory: 2g } } } }');
  expect(a).toEqual({ deploy: { resources: { limits: { memory: '2g' } } } });
});

test.each(['container_name: x', 'expose: [80]', 'links: [b]', 'pull_policy: always', 'develop: {}'])(
  '%s is left out, and said',
  (service) => {
    const { a, findings } = translate(service);
    expect(a).toEqual({});
    expect(findings).toMatchObject([{ rule: 'ignored-key', level: 'warning', line: 3 }]);
  },
);

test.each([
  ['8080:80', [[80, 8080, 'tcp', undefined]]],
  ['80', [[80, 0, 'tcp', undefined]]],
  ['53:53/udp', [[53, 53, 'udp', undefined]]],
  ['127.0.0.1:80:80', [[80, 80, 'tcp', '127.0.0.1']]],
  ['[::1]:80:80', [[80, 80, 'tcp', '[::1]']]],
  [
    '9000-9001:80-81',
    [
      [80, 9000, 'tcp', undefined],
      [81, 9001, 'tcp', undefined],
    ],
  ],
])('port %s', (text, expected) => {
  expect(
    parsePort(text)?.map(({ target, published, protocol, address }) => [
      target,
      published,
      protocol,
      address,
    ]),
  ).toEqual(expected);
});

test.each(['', 'x', '80:', '1:2:3:4:x', '9000-9002:80-81', '70000', '80/icmp'])('%s is no port', (text) => {
  expect(parsePort(text)).toBeUndefined();
});

test.each([
  ['/data', { type: 'volume', target: '/data' }],
  ['data:/data:ro', { type: 'volume', source: 'data', target: '/data', read_only: true }],
  ['data:/data:ro,rw', { type: 'volume', source: 'data', target: '/data' }],
  ['data:/data:rw,ro', { type: 'volume', source: 'data', target: '/data', read_only: true }],
  ['/a:/b:rslave,shared', { type: 'bind', source: '/a', target: '/b', bind: { propagation: 'shared' } }],
  ['/a:/b:rslave', { type: 'bind', source: '/a', target: '/b', bind: { propagation: 'rslave' } }],
  ['./a:/b', { type: 'bind', source: './a', target: '/b' }],
  ['a::b', undefined],
])('mount %s', (text, expected) => {
  expect(parseMount(text)).toEqual(expected);
});

test.each([
  ['redis-server --save ""', ['redis-server', '--save', '']],
  ['sh -c \'a "b"  c\'', ['sh', '-c', 'a "b"  c']],
  ['"a \\" b" c\\ d', ['a " b', 'c d']],
  ['a # comment', ['a']],
  ['a#b', ['a#b']],
  ['', []],
  ["'open", undefined],
])('command %s', (text, expected) => {
  expect(parseCommand(text)).toEqual(expected);
});

test.each([
  ['1m30s', 90e9],
  ['2500ms', 2.5e9],
  ['0', 0],
  ['1.5h', 5400e9],
  ['10', undefined],
  ['s', undefined],
  ['10 s', undefined],
])('duration %s', (text, expected) => {
  expect(parseDuration(text)).toBe(expected);
});

test.each([
  ['512M', 512 * 1024 ** 2],
  ['1gb', 1024 ** 3],
  ['64k', 65536],
  [100, 100],
  ['1.5m', 1.5 * 1024 ** 2],
  ['1MiB', 1024 ** 2],
  ['lots', undefined],
])('size %s', (text, expected) => {
  expect(parseSize(text)).toBe(expected);
});

import fc from 'fast-check';

/** Generates stack files over Docker's compose schema 3.13: mostly valid values, and ones that are nearly so. */

const text = fc.constantFrom(
  'a',
  'some text',
  'x=y',
  '0',
  '1.5',
  'true',
  'yes',
  '~',
  '',
  'a: b',
  '#c',
  ' pad ',
  'é',
);
const name = fc.constantFrom('a', 'b1', 'web-1', 'under_score');
const path = fc.constantFrom('/a', '/var/lib/x', './a', 'a', '/', '');
const scalar = fc.oneof(
  text,
  fc.integer({ min: -3, max: 100_000 }),
  fc.double({ noNaN: true, min: -2, max: 9 }),
  fc.boolean(),
  fc.constant(null),
);
const small = fc.constantFrom<unknown>(0, 1, 2, 5, '2', 'two', -1, 1.5, null);
const duration = fc.constantFrom<unknown>(
  '10s',
  '1m30s',
  '0s',
  '1h',
  '500ms',
  '1.5s',
  '10',
  10,
  'often',
  '-5s',
  '1d',
  '0.5ms',
  '999us',
  '1ms',
  '',
);
const size = fc.constantFrom<unknown>(
  '64M',
  '512m',
  '1g',
  '1.5g',
  '100000000',
  134_217_728,
  '512Mi',
  '512MiB',
  '1 gb',
  '2M',
  'lots',
  '-1',
  '',
);
const cpus = fc.constantFrom<unknown>('0.5', '1', '2.25', 0.5, 1, 'two', '0.0001', '-1', '');
const flag = fc.constantFrom<unknown>(true, false, 'true', 'yes', 'no', 1, null);
const pairs = fc.oneof(
  fc.dictionary(fc.constantFrom('A', 'B_C', 'd.e', 'x-y'), scalar, { maxKeys: 3 }),
  fc.array(fc.constantFrom<unknown>('A=1', 'B=', 'C', 'D=x y', '=e', 'F=a=b', 7), { maxLength: 3 }),
);
const options = fc.dictionary(fc.constantFrom('max-size', 'o', 'type', 'device', 'tag'), scalar, {
  maxKeys: 2,
});
const list = fc.array(text, { maxLength: 3 });
const words = fc.oneof(text, list, fc.constantFrom('a "b c" d', "sh -c 'x y'", 'open "quote'));
/** A map with a few of the keys: most of what is generated is to be valid. */
const some = (shape: Readonly<Record<string, fc.Arbitrary<unknown>>>, most = 2): fc.Arbitrary<object> =>
  fc
    .subarray(Object.keys(shape), { maxLength: Math.min(most, Object.keys(shape).length) })
    .chain((keys) =>
      fc.record(Object.fromEntries(keys.map((key) => [key, shape[key] ?? fc.constant(null)]))),
    );

const rollout = some({
  parallelism: small,
  delay: duration,
  failure_action: fc.constantFrom('continue', 'pause', 'rollback', 'stop'),
  monitor: duration,
  max_failure_ratio: fc.constantFrom<unknown>(0, 0.5, 1, 2, '0.1', -1),
  order: fc.constantFrom('start-first', 'stop-first', 'start_first'),
});

const constraint = fc.constantFrom(
  'node.role == manager',
  'node.Role==worker',
  'node.labels.disk == ssd',
  'node.Labels.disk==ssd',
  'node.hostname != a',
  'engine.labels.x==y',
  'node.platform.os==linux',
  'node.rol == manager',
  'node.role = manager',
  'node.role == man ager',
  'node.labels.a==b_c',
  'node.labels.x==é',
  'node.id == 2ivku8v2gvtg4',
  'node.labels. == x',
  'node.ip == 10.0.0.1',
  'node.labels.x == /a',
  '',
);

const deploy = some({
  mode: fc.constantFrom('replicated', 'global', 'replicated-job', 'global-job', 'daemon'),
  endpoint_mode: fc.constantFrom('vip', 'dnsrr', 'x'),
  replicas: small,
  labels: pairs,
  update_config: rollout,
  rollback_config: rollout,
  resources: some({
    limits: some({ cpus, memory: size, pids: small }),
    reservations: some({
      cpus,
      memory: size,
      generic_resources: fc.constantFrom([], [{ discrete_resource_spec: { kind: 'gpu', value: 2 } }]),
    }),
  }),
  restart_policy: some({
    condition: fc.constantFrom('none', 'on-failure', 'any', 'always'),
    delay: duration,
    max_attempts: small,
    window: duration,
  }),
  placement: some({
    constraints: fc.array(constraint, { maxLength: 2 }),
    preferences: fc.constantFrom([], [{ spread: 'node.labels.zone' }], [{ spread: 7 }], [{ spred: 'x' }]),
    max_replicas_per_node: small,
  }),
});

const port = fc.oneof(
  fc.constantFrom<unknown>(
    '80',
    80,
    '8080:80',
    '0.0.0.0:80:80',
    '[::]:80:80',
    '127.0.0.1:80:80',
    '53:53/udp',
    '8000-8002:80-82',
    '8000-8002:80',
    '80:80-82',
    '80:x',
    '0:80',
    '70000:80',
    '80:80/icmp',
    '[::1]:81:81',
    ':80',
    '::80',
    '80:',
    '',
    '9000-8000:80-81',
    '80/tcp',
    '80/TCP',
    '80/sctp',
    8080,
  ),
  some({
    target: fc.constantFrom<unknown>(80, '80', 0, 70_000, 'x'),
    published: fc.constantFrom<unknown>(8080, '8080', 0, '8000-8002'),
    protocol: fc.constantFrom('tcp', 'udp', 'TCP', 'x'),
    mode: fc.constantFrom('host', 'ingress', 'x'),
  }),
);
const mount = fc.oneof(
  fc.constantFrom<unknown>(
    'data:/data',
    'data:/data:ro',
    '/host:/in',
    '/host:/in:ro,rslave',
    './rel:/in',
    '~/x:/in',
    '/only',
    'rel',
    'a::b',
    'data:/d:nocopy',
    'data:/d:z',
    'data:rel',
    '/a:/b:/c:ro',
    'C:\\x:/y',
    'data:/data:rw',
    'other:/o',
    '/a:',
    ':/a',
    'data:/d:ro,rw',
    'data:C:\\d',
    '../up:/in',
    '.:/in',
    '/h:/in:cached',
    '',
  ),
  some({
    type: fc.constantFrom('bind', 'volume', 'tmpfs', 'npipe', 'cluster', 'x'),
    source: fc.constantFrom('data', '/host', './a', 'nope', ''),
    target: path,
    read_only: flag,
    consistency: fc.constantFrom('cached', 'x'),
    bind: some({ propagation: fc.constantFrom('rslave', 'x') }),
    volume: some({ nocopy: flag, subpath: fc.constantFrom('a', 'a/b') }),
    tmpfs: some({ size: fc.constantFrom<unknown>(1000, '64M', -1) }),
  }),
);
const mounted = fc.oneof(
  fc.constantFrom<unknown>('s', 'nope', '', 7),
  some({
    source: fc.constantFrom('s', 'nope', ''),
    target: fc.constantFrom('t', '/t', 'a/b', ''),
    uid: fc.constantFrom<unknown>('1', 1, 'x'),
    gid: fc.constant('2'),
    mode: fc.constantFrom<unknown>(0o440, 400, 0o777, 999, '0444', -1),
  }),
);
const health = some({
  test: fc.constantFrom<unknown>(
    ['CMD', 'a'],
    ['CMD-SHELL', 'a b'],
    ['NONE'],
    'a b',
    ['pg_isready'],
    ['CMD'],
    ['CMD-SHELL'],
    [],
    '',
    ['NONE', 'x'],
    ['cmd', 'x'],
  ),
  interval: duration,
  timeout: duration,
  start_period: duration,
  start_interval: duration,
  retries: small,
  disable: flag,
});

const IMAGES = ['redis:7', 'a', 'r.io/a/b:1', `b@sha256:${'0'.repeat(64)}`];
const image = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom(...IMAGES) },
  { weight: 1, arbitrary: fc.constantFrom('Upper', 'a@sha256:0', '', 'a:b:c') },
);
const service = fc
  .tuple(
    image,
    some(
      {
        cap_add: list,
        cap_drop: list,
        command: words,
        entrypoint: words,
        credential_spec: fc.constantFrom(
          { file: 'a' },
          { registry: 'b' },
          { config: 'c' },
          { file: 'a', registry: 'b' },
        ),
        depends_on: fc.constantFrom<unknown>([], ['a'], ['nope'], { a: { condition: 'service_started' } }),
        deploy: fc.oneof(deploy, fc.constant(null)),
        dns: fc.oneof(list, text),
        dns_search: fc.oneof(list, text),
        environment: pairs,
        labels: pairs,
        extra_hosts: fc.constantFrom<unknown>(
          ['a:1.2.3.4'],
          { b: '::1' },
          ['bad'],
          ['a=1.2.3.4'],
          ['a:host-gateway'],
          ['a:x'],
        ),
        healthcheck: health,
        hostname: fc.constantFrom('h', 'a.b', '{{.Node.Hostname}}', ''),
        init: flag,
        isolation: text,
        logging: some({ driver: fc.constantFrom('json-file', 'none', 'x'), options }),
        networks: fc.constantFrom<unknown>(
          ['default'],
          ['n'],
          ['nope'],
          { n: { aliases: ['x'] } },
          { n: null },
          [],
          { n: { driver_opts: { a: 1 } } },
          ['n', 'n'],
          { default: null, n: null },
        ),
        ports: fc.array(port, { maxLength: 2 }),
        read_only: flag,
        secrets: fc.array(mounted, { maxLength: 2 }),
        stdin_open: flag,
        stop_grace_period: duration,
        stop_signal: fc.constantFrom('SIGTERM', '9', 'x', ''),
        sysctls: pairs,
        tty: flag,
        ulimits: fc.constantFrom<unknown>(
          { nofile: 5 },
          { nofile: { soft: 1, hard: 2 } },
          { nofile: { soft: 1 } },
          { x: 'y' },
          { nofile: -1 },
        ),
        user: fc.constantFrom<unknown>('root', '1000:1000', 1000),
        volumes: fc.array(mount, { maxLength: 2 }),
        working_dir: path,
        oom_score_adj: small,
      },
      4,
    ),
  )
  .map(([one, keys]) => ({ image: one, ...keys }));

const top = some({
  version: fc.constantFrom<unknown>('3', '3', '3.13', '3.13', '3.8', '3.2', 3.8, '2', '3.14', 3),
  networks: fc.constantFrom<unknown>(
    { n: {} },
    { n: null },
    { n: { driver: 'bridge' } },
    { n: { ipam: { config: [{ subnet: '10.1.0.0/24' }] } } },
    { n: { external: true } },
    { n: { external: { name: 'x' } } },
    { n: { external: true, name: 'y' } },
    { n: { attachable: 'true' } },
    { n: { driver_opts: { encrypted: '' } } },
    { n: { internal: true, labels: ['a=b'] } },
  ),
  volumes: fc.constantFrom<unknown>(
    { data: {} },
    { data: null },
    { data: { driver: 'local', driver_opts: { type: 'none', o: 'bind', device: '/x' } } },
    { data: { external: true } },
    { data: { external: true, driver: 'x' } },
    { data: { name: 'z' } },
    { data: { labels: { a: 1 } } },
  ),
  secrets: fc.constantFrom<unknown>(
    { s: { external: true } },
    { s: { external: { name: 'k' } } },
    { s: { external: true, name: 'l' } },
    { s: { external: true, file: './x' } },
    { s: { external: true, labels: { a: 'b' } } },
  ),
  name: fc.constantFrom('x', 'shop'),
  'x-more': fc.constant({ a: 1 }),
});

const DECLARED = { networks: { n: {} }, volumes: { data: {} }, secrets: { s: { external: true } } };
/** What is named is mostly declared. */
export const stackFile = fc
  .tuple(fc.dictionary(name, service, { minKeys: 1, maxKeys: 1 }), top, fc.integer({ min: 0, max: 9 }))
  .map(([services, more, chance]) => ({ ...(chance > 0 && DECLARED), ...more, services }));

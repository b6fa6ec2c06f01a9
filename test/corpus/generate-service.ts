import fc from 'fast-check';

/** Generates services for projects of several files. */

const text = fc.constantFrom('a', 'b c', '1', '', '${V:-none}', '${W-}', '${V:+set}', 'x$$y');
const pairs = fc.oneof(
  fc.dictionary(fc.constantFrom('A', 'B', 'V'), text, { maxKeys: 3 }),
  fc.subarray(['A=1', 'B=', 'C', 'V', 'D=x=y', 'A1=${V:-z}']),
);
const list = (...values: readonly unknown[]) => fc.subarray([...values], { minLength: 1, maxLength: 2 });
const keys: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  command: fc.constantFrom<unknown>(['x'], ['y', '${V:-z}'], ['run', '--a']),
  entrypoint: fc.constantFrom<unknown>(['e'], ['f', 'g']),
  environment: pairs,
  labels: fc.oneof(
    fc.dictionary(fc.constantFrom('l', 'm.n'), text),
    fc.constantFrom(['l=1'], ['m.n=x', 'o']),
  ),
  ports: list('80:80', '81:80', '8080:80', '53:53/udp', { target: 80, published: '90' }, '80:81', '90'),
  volumes: list(
    'data:/d',
    'more:/d',
    '/host:/in',
    '/host:/in:ro',
    { type: 'volume', source: 'data', target: '/e' },
    {
      type: 'tmpfs',
      target: '/t',
    },
  ),
  networks: fc.constantFrom<unknown>(
    ['back'],
    ['default'],
    ['default', 'back'],
    { back: { aliases: ['p'] } },
    {
      default: null,
    },
    { back: { aliases: ['q', 'p'] } },
  ),
  build: fc.constantFrom<unknown>(
    '.',
    './img',
    '../ctx',
    { context: './img', args: { X: '1' } },
    {
      context: '.',
      target: 't',
      args: ['X=2', 'Y=${V:-y}'],
    },
    { dockerfile: 'D' },
  ),
  depends_on: fc.constantFrom<unknown>(
    ['peer'],
    { peer: { condition: 'service_healthy' } },
    {
      peer: { condition: 'service_started', required: false },
    },
  ),
  secrets: list('s', { source: 's', target: 't' }, { source: 's', target: 'u', mode: 256 }),
  configs: list({ source: 'c', target: '/c' }, { source: 'c', target: '/d' }),
  env_file: fc.constantFrom<unknown>('one.env', ['one.env'], ['two.env'], ['one.env', 'two.env']),
  hostname: fc.constantFrom('h1', 'h2'),
  user: fc.constantFrom('u', '1000'),
  working_dir: fc.constantFrom('/w', '/v'),
  stop_grace_period: fc.constantFrom('10s', '1m30s'),
  extra_hosts: fc.constantFrom<unknown>(['h:1.2.3.4'], ['h:1.2.3.4', 'i:::1'], { h: '1.1.1.1' }),
  healthcheck: fc.constantFrom<unknown>(
    { test: ['CMD', 'a'] },
    { test: 'curl x', interval: '10s' },
    { retries: 2 },
    {
      disable: true,
    },
  ),
  cap_add: list('A', 'B'),
  dns: fc.constantFrom<unknown>('1.1.1.1', ['2.2.2.2'], ['1.1.1.1', '3.3.3.3']),
  sysctls: fc.constantFrom<unknown>({ a: 1 }, ['b=2'], { a: '3' }),
  ulimits: fc.constantFrom<unknown>({ nofile: 5 }, { nofile: { soft: 1, hard: 2 } }, { nproc: 3 }),
  logging: fc.constantFrom<unknown>(
    { driver: 'json-file', options: { a: '1' } },
    { options: { b: '2' } },
    {
      driver: 'local',
    },
  ),
  deploy: fc.constantFrom<unknown>(
    { replicas: 2 },
    { labels: { x: 'y' } },
    { labels: ['x=z', 'w=1'] },
    { placement: { constraints: ['node.role == manager'] } },
    { resources: { limits: { memory: '64M' } } },
    { resources: { limits: { cpus: '0.5' } }, update_config: { order: 'start-first' } },
  ),
};

/** Some keys of a service. */
export const fragment = (most: number) =>
  fc
    .subarray(Object.keys(keys), { maxLength: most })
    .chain((some) => fc.record(Object.fromEntries(some.map((key) => [key, keys[key] ?? fc.constant(null)]))));
const image = fc.oneof(
  { weight: 30, arbitrary: fc.constantFrom('i:1', 'j:2', 'r/k:${V:-3}') },
  { weight: 1, arbitrary: fc.constantFrom('r/${UNSET}l', 'm:${V:?needed}') },
);
/** A service that extends one of the targets, if there are any. */
export const withImage = (most: number, ...targets: readonly unknown[]) =>
  fc
    .tuple(
      image,
      fragment(most),
      targets.length > 0 ? fc.constantFrom<unknown>(...targets) : fc.constant(undefined),
      fc.boolean(),
    )
    .map(([one, rest, target, isBare]) => ({
      ...(target !== undefined && { extends: target }),
      ...((target === undefined || !isBare) && { image: one }),
      ...rest,
    }));

import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeEach, expect, test } from 'vitest';
import type { ServiceSpec } from '../../src/shared/service-spec.ts';
import type { Swarm, SwarmChanges, SwarmRecords } from '../../src/shared/swarm.ts';
import { swarmClient } from '../../src/swarm/client.ts';
import { nodeContainers } from '../../src/swarm/containers.ts';
import { dockerOver } from '../../src/swarm/docker-over-ssh.ts';

/** A megabyte, and a beginning that base64 leaves in one piece. */
const VALUE = Buffer.from(`hunter2-never-shown ${'x'.repeat(999_980)}`);
const SECRET = 'hunter2-never-shown';
const FORMS = [SECRET, Buffer.from(SECRET).toString('base64').slice(0, 20)];
const LOGIN = { serveraddress: 'r.io', username: 'ada', password: SECRET };
const LABELS = { holder: SECRET };
const SPEC: ServiceSpec = { Name: 's', TaskTemplate: { ContainerSpec: { Env: [`PASSWORD=${SECRET}`] } } };
const NETWORK = {
  ...{ name: 'n', driver: 'overlay', options: { key: SECRET }, internal: false, attachable: false },
  ...{ labels: LABELS, ipv6: false, ipam: undefined },
};
const RECORD = { id: 'c1', version: 7, name: 'lock', labels: LABELS, data: VALUE };

const lines: string[] = [];
const bodies: string[] = [];

/** Says yes to everything. */
const engine = createServer(async (request: IncomingMessage, answer) => {
  lines.push(`${request.method} ${request.url}`);
  bodies.push(await text(request));
  answer.setHeader('Content-Type', 'application/json');
  const found = { ID: 'c1', Id: 'c1', Version: { Index: 7 }, Spec: { Name: 'lock', Labels: LABELS } };
  answer.end(JSON.stringify(found));
}).listen(0, '127.0.0.1');
await once(engine, 'listening');
const { docker, close } = dockerOver({
  openSocket: async () => connect((engine.address() as AddressInfo).port, '127.0.0.1'),
  leave: () => {},
});
const swarm: Swarm = swarmClient(docker, LOGIN, async () => []);

beforeEach(() => {
  lines.length = 0;
  bodies.length = 0;
});
afterAll(() => {
  close();
  engine.closeAllConnections();
  engine.close();
});

type Change = keyof (SwarmChanges & Omit<SwarmRecords, 'readRecords' | 'readVersion'>);

/** A new kind of change has no entry here, and does not compile. */
const CHANGES: Readonly<Record<Change, () => Promise<unknown>>> = {
  createObject: () =>
    swarm.createObject('secret', { name: 'a', value: VALUE, labels: {}, templating: undefined }),
  createService: () => swarm.createService(SPEC),
  createNetwork: () => swarm.createNetwork(NETWORK),
  updateService: () => swarm.updateService('s1', SPEC),
  removeService: () => swarm.removeService('s1'),
  removeObject: () => swarm.removeObject('secret', 'a'),
  removeNetwork: () => swarm.removeNetwork('n1'),
  createRecord: () => swarm.createRecord(RECORD),
  relabelRecord: () => swarm.relabelRecord(RECORD, { ...LABELS, beat: '1' }),
  removeRecord: () => swarm.removeRecord('c1'),
};

const OTHERS: Readonly<Record<string, () => Promise<unknown>>> = {
  'createObject of a config': () =>
    swarm.createObject('config', { name: 'a', value: VALUE, labels: {}, templating: 'golang' }),
  checkRegistryLogin: () => swarm.checkRegistryLogin(),
  readImage: () => swarm.readImage('r.io/api:1').catch(() => undefined),
  // Starting it needs a connection that is upgraded, which this engine does not offer.
  exec: () => {
    const streams = { input: new PassThrough(), output: new PassThrough(), errors: new PassThrough() };
    const running = nodeContainers(docker).exec('c1', ['psql', SECRET], streams as never);
    return Promise.race([running.catch(() => {}), new Promise((done) => setTimeout(done, 200))]);
  },
};

test.each(Object.entries({ ...CHANGES, ...OTHERS }))('%s has no value in a URL', async (_name, ask) => {
  await ask();
  expect(lines.length).toBeGreaterThan(0);
  for (const line of lines) {
    for (const form of FORMS) expect(line).not.toContain(form);
    // Names, ids and a version: all that a URL is for.
    expect(line).toMatch(/^[A-Z]+ [\w/.:-]+\??(version=7)?$/);
  }
});

test.each([
  ['a secret', CHANGES.createObject],
  ['a record', CHANGES.createRecord],
])('%s of a million bytes is sent whole', async (_what, create) => {
  await create();
  expect(JSON.parse(bodies[0] ?? '').Data).toBe(VALUE.toString('base64'));
});

test('the size of a terminal is a query', async () => {
  const output = Object.assign(new PassThrough(), { isTTY: true, rows: 24, columns: 80 });
  const streams = { input: Object.assign(new PassThrough(), { isTTY: true }), output, errors: output };
  void nodeContainers(docker)
    .exec('c1', ['sh'], streams as never)
    .catch(() => {});
  await expect.poll(() => lines).toContain('POST /exec/c1/resize?h=24&w=80');
});

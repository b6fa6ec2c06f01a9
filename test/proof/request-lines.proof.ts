// Proves: no request to Docker has a value in its URL, nor any engine's debug log; what is large is deployed and rolled back.
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../../src/lab/engine.ts';
import type { Machine } from '../../src/lab/machine.ts';
import { askSwarm } from '../lab/ask-swarm.ts';
import { readOpenRecords, readSpecs } from '../lab/cluster.ts';
import { Planted } from '../lab/planted.ts';
import { IMAGE } from '../lab/probe.ts';
import { probeOnCleanLab } from '../lab/probe-on-clean-lab.ts';

const { lab, operator, probe } = await probeOnCleanLab();
const [m1] = lab.managers;

/** Puts itself in the place of Docker's socket, and keeps what clients send. */
const RELAY = `
const { chmodSync, chownSync, createWriteStream, renameSync, statSync } = require('node:fs');
const { connect, createServer } = require('node:net');
const [socket, real] = ['/run/docker.sock', '/run/docker-real.sock'];
renameSync(socket, real);
const sent = createWriteStream('/run/sent', { flags: 'a' });
createServer({ allowHalfOpen: true }, (client) => {
  const engine = connect({ path: real, allowHalfOpen: true });
  client.on('data', (data) => sent.write(data));
  client.pipe(engine).pipe(client);
  for (const one of [client, engine]) one.on('error', () => [client, engine].map((end) => end.destroy()));
}).listen(socket, () => {
  const { gid } = statSync(real);
  chownSync(socket, 0, gid);
  chmodSync(socket, 0o660);
});
process.on('SIGTERM', () => { renameSync(real, socket); process.exit(); });
`;

/** Turns the debug log on or off without a restart. */
async function setDebug(manager: Machine, isOn: boolean): Promise<void> {
  const file = '/etc/docker/daemon.json';
  const { stdout } = await manager.exec(['cat', file]);
  await manager.writeFile(file, JSON.stringify({ ...JSON.parse(stdout || '{}'), debug: isOn }));
  await manager.run(['pkill', '-HUP', '-x', 'dockerd']);
}

beforeAll(async () => {
  for (const manager of lab.managers) await setDebug(manager, true);
  await m1.writeFile('/run/recorder.cjs', RELAY);
  await m1.run([
    'sh',
    '-c',
    'setsid node /run/recorder.cjs >/run/recorder.log 2>&1 </dev/null & echo $! >/run/recorder.pid',
  ]);
  await until('the recorder answers', async () => (await m1.exec(['docker', 'info'])).code === 0);
});
afterAll(async () => {
  await m1.exec(['sh', '-c', 'kill "$(cat /run/recorder.pid)"; rm -f /run/sent']);
  for (const manager of lab.managers) await setDebug(manager, false);
});

/** Docker's agent dumps each task with the login to its registry, for `docker stack deploy --with-registry-auth`, too. */
const withoutTasks = (log: string) =>
  log
    .split('\n')
    .filter((line) => !line.includes('msg="Creating service config in agent'))
    .join('\n');

/** A body has no line end, so that the next request stands right behind it. */
const REQUEST = '(GET|HEAD|POST|PUT|DELETE) /[^ ]* HTTP/1';
const readLines = (): Promise<string> => m1.run(['grep', '--text', '-oE', REQUEST, '/run/sent']);
const readLog = (manager: Machine): Promise<string> => manager.run(['cat', '/var/log/dockerd.log']);

async function waggle(argv: readonly string[], tag: string, env: Readonly<Record<string, string>> = {}) {
  return probe.run(argv, { DEPLOY_TAG: tag, ...env });
}

async function expectDone(argv: readonly string[], tag: string): Promise<void> {
  const { code, stdout, stderr } = await waggle(argv, tag);
  expect(code, `${argv.join(' ')}: ${stdout}${stderr}`).toBe(0);
}

const SETTINGS = ['setting-hunter2-never-shown', 'setting-hunter2-changed'] as const;
const PASSWORDS = ['second&hunter2=never+shown/?', 'rotated\nhunter2-never-shown'] as const;

test('no value is in a request line or in the debug log of an engine', async () => {
  const planted = await operator.planted;
  const values = new Planted();
  for (const value of SETTINGS) planted.add(value);
  for (const value of ['probe-hunter2-never-shown', ...SETTINGS, ...PASSWORDS]) values.add(value);
  await probe.setFile('settings.txt', SETTINGS[0]);
  await expectDone(['deploy'], 'v1');
  await probe.setFile('secrets/password.txt', PASSWORDS[0]);
  await probe.setFile('settings.txt', SETTINGS[1]);
  await expectDone(['deploy'], 'v2');
  await probe.setFile('secrets/password.txt', PASSWORDS[1]);
  await expectDone(['secrets', 'rotate', 'password'], 'v2');
  await probe.setStack({
    web: 'healthcheck: { test: [CMD, "false"], interval: 1s, retries: 1, start_period: 0s }',
  });
  expect((await waggle(['deploy'], 'v3')).code).not.toBe(0);
  await probe.setStack({});
  await expectDone(['rollback', 'r1'], 'v1');
  await expectDone(['prune'], 'v1');

  const lines = await readLines();
  for (const path of ['secrets', 'configs', 'networks', 'services'])
    expect(lines).toMatch(new RegExp(`^POST [\\w/.]*/${path}/create\\b`, 'm'));
  planted.expectNoneIn(lines, ['on the wire']);
  expect(Math.max(...lines.split('\n').map(({ length }) => length))).toBeLessThan(500);
  const logs = await Promise.all(lab.managers.map(readLog));
  expect(logs.join('\n')).toMatch(/level=debug .*POST [\w/.]*\/secrets\/create/);
  values.expectNoneIn(logs.join('\n'), ['debug log']);
  planted.expectNoneIn(withoutTasks(logs.join('\n')), ['debug log']);
});

/** Text that does not become smaller. */
const noise = (letters: number) => randomBytes(letters).toString('base64').slice(0, letters);

test('a config of a million bytes is deployed and rolled back', async () => {
  await probe.setFile('settings.txt', noise(1_000_000));
  await expectDone(['deploy'], 'v4');
  const before = await readSpecs(lab);
  await probe.setFile('settings.txt', noise(1_000_000));
  await expectDone(['deploy'], 'v5');
  await expectDone(['rollback'], 'v4');
  expect(await readSpecs(lab)).toEqual(before);
  const configs = await askSwarm<{ Spec: { Name: string; Data: string } }[]>(lab, '/configs');
  const sizes = configs
    .filter(({ Spec }) => Spec.Name.startsWith('probe_settings_'))
    .map(({ Spec }) => Buffer.from(Spec.Data, 'base64').length);
  expect(sizes.filter((size) => size === 1_000_000)).toHaveLength(2);
});

/** Labels of services are in each record twice, and in no task. */
const large = () =>
  ['one', 'two', 'three', 'four']
    .map(
      (name) =>
        `${name}: { image: "${IMAGE}", command: [redis-server], deploy: { replicas: 0, endpoint_mode: dnsrr, labels: { noise: "${noise(500_000)}" } } }`,
    )
    .join('\n  ');

async function recordSizes(): Promise<Readonly<Record<string, number>>> {
  const configs = await askSwarm<{ Spec: { Name: string; Data: string } }[]>(lab, '/configs', {
    label: ['com.waggle.record=probe'],
  });
  const sizes: Record<string, number> = {};
  for (const { Spec } of configs) {
    const [, name = ''] = /^(probe\.waggle\.r\d+)/.exec(Spec.Name) ?? [];
    sizes[name] = (sizes[name] ?? 0) + Buffer.from(Spec.Data, 'base64').length;
  }
  return sizes;
}

test('a stack whose record packs to three megabytes is deployed and rolled back, and leaves no piece', async () => {
  await probe.setFile('settings.txt', 'small');
  await probe.setStack({ extra: large() });
  await expectDone(['deploy'], 'v6');
  const before = await readSpecs(lab);
  await probe.setStack({ extra: large() });
  await expectDone(['deploy'], 'v7');
  await expectDone(['rollback'], 'v6');
  expect(await readSpecs(lab)).toEqual(before);
  const sizes = Object.values(await recordSizes()).sort((a, b) => b - a);
  console.log('bytes of the largest records:', sizes.slice(0, 3).join(', '));
  expect(sizes[2]).toBeGreaterThan(2_900_000);
  const names = (await readOpenRecords(lab)).map((name) => name.replace(/\.r\d+\.\d+$/, '.piece'));
  expect(new Set(names)).toEqual(new Set(['probe.waggle.piece']));
  expect(await readLines()).not.toMatch(/ \S{500}/);
});

// Proves: a record that somebody changed is named with the command that removes it, and a stray config is no record.
import { gzipSync } from 'node:zlib';
import { beforeAll, expect, test } from 'vitest';
import { FAILURES } from '../../src/shared/errors.ts';
import { readSpecs } from '../lab/cluster.ts';
import { probeOnCleanLab } from '../lab/probe-on-clean-lab.ts';

const { lab, operator, probe } = await probeOnCleanLab();
const [m1] = lab.managers;
const PIECES = 'com.waggle.pieces';

const deploy = (tag: string) => probe.run(['deploy'], { DEPLOY_TAG: tag });

async function expectCode(argv: readonly string[], code: number): Promise<string> {
  const output = await probe.run(argv, { DEPLOY_TAG: 'v9' });
  const said = output.stdout + output.stderr;
  expect(output.code, `${argv.join(' ')}: ${said}`).toBe(code);
  return said;
}

beforeAll(async () => {
  for (const tag of ['v1', 'v2', 'v3']) {
    await probe.setStack({ environment: `{ A: "${tag}" }` });
    const { code, stderr } = await deploy(tag);
    expect(code, stderr).toBe(0);
  }
});

interface Stored {
  readonly data: string;
  readonly labels: Readonly<Record<string, string>>;
}

async function create(name: string, { data, labels }: Stored): Promise<void> {
  const flags = Object.entries(labels).flatMap(([key, value]) => ['--label', `${key}=${value}`]);
  const script = 'name=$1; shift; base64 -d | docker config create "$@" "$name" -';
  await m1.run(['sh', '-c', script, 'sh', name, ...flags], { input: data });
}

const remove = (name: string) => m1.run(['docker', 'config', 'rm', name]);

async function read(name: string): Promise<Stored> {
  const [config] = JSON.parse(await m1.run(['docker', 'config', 'inspect', name]));
  return { data: config.Spec.Data, labels: config.Spec.Labels };
}

async function replace(name: string, change: (was: Stored) => Stored): Promise<Stored> {
  const was = await read(name);
  await remove(name);
  await create(name, change(was));
  return was;
}

const holding = (bytes: string | Buffer) => (was: Stored) => ({
  ...was,
  data: Buffer.from(bytes).toString('base64'),
});
const labelled =
  (value: string | undefined) =>
  ({ data, labels: { [PIECES]: _, ...labels } }: Stored) => ({
    data,
    labels: value === undefined ? labels : { ...labels, [PIECES]: value },
  });

const DAMAGES = [
  ['{}', holding(gzipSync('{}'))],
  ['null', holding(gzipSync('null'))],
  ['invalid JSON', holding('{"number":')],
  ['pieces=Infinity', labelled('Infinity')],
  ['pieces=-1', labelled('-1')],
  ['no label pieces', labelled(undefined)],
] as const;

test.each(DAMAGES)('an old record that is %s stops only what needs it', async (_what, change) => {
  const was = await replace('probe.waggle.r1', change);
  const status = await expectCode(['status'], 0);
  expect(status).toContain('docker config rm probe.waggle.r1');
  await expectCode(['status', '--json'], 0);
  await expectCode(['logs', '--tail', '1'], 0);
  await expectCode(['plan'], 0);
  await expectCode(['releases', 'show', 'r2'], 0);
  for (const argv of [
    ['releases'],
    ['releases', 'show', 'r1'],
    ['diff', 'r1', 'r2'],
    ['audit', 'verify'],
    ['rollback', 'r1'],
    ['prune'],
    ['prune', '--dry-run'],
  ])
    expect(await expectCode(argv, FAILURES.AUDIT_FAILED)).toContain('docker config rm probe.waggle.r1');
  await replace('probe.waggle.r1', () => was);
  await expectCode(['releases'], 0);
});

test('with it a deploy and a rollback end well, and prune says what keeps the versions', async () => {
  const was = await replace('probe.waggle.r1', holding('{}'));
  await probe.setFile('secrets/password.txt', 'probe-hunter2-never-shown-4');
  const { code, stdout, stderr } = await deploy('v4');
  expect(code, stderr).toBe(0);
  expect(stdout + stderr).toContain('docker config rm probe.waggle.r1');
  await expectCode(['rollback', 'r3'], 0);
  await replace('probe.waggle.r1', () => was);
});

test.each(DAMAGES)(
  'the newest record that is %s is named by what needs it, and nothing is changed',
  async (_what, change) => {
    const [newest = ''] = (await m1.run(['docker', 'config', 'ls', '--format', '{{.Name}}']))
      .split('\n')
      .filter((name) => name.startsWith('probe.waggle.r'))
      .sort((a, b) => Number(b.split('.r')[1]) - Number(a.split('.r')[1]));
    const before = await readSpecs(lab);
    const was = await replace(newest, change);
    expect(await expectCode(['status'], 0)).toContain(`docker config rm ${newest}`);
    await expectCode(['logs', '--tail', '1'], 0);
    for (const argv of [['plan'], ['deploy'], ['rollback'], ['scale', 'side=2']])
      expect(await expectCode(argv, FAILURES.AUDIT_FAILED)).toContain(`docker config rm ${newest}`);
    expect(await readSpecs(lab)).toEqual(before);
    await replace(newest, () => was);
  },
);

const KINDS = ['lock', 'journal', 'release', 'piece'];
const strays = KINDS.map((kind) => `a-stray-${kind}`);

test('a stray config with the label of a lock, a journal or a release is no such thing', async () => {
  const lock = {
    ...{ 'com.waggle.holder': 'e1', 'com.waggle.who': 'eve', 'com.waggle.since': 'noon' },
    ...{ 'com.waggle.what': 'nothing', 'com.waggle.person': 'false', 'com.waggle.beat': '1' },
  };
  for (const kind of KINDS)
    await create(`a-stray-${kind}`, {
      data: Buffer.from('?').toString('base64'),
      labels: { 'com.waggle.record': 'probe', 'com.waggle.kind': kind, 'com.waggle.number': '99', ...lock },
    });
  const status = await expectCode(['status'], 0);
  expect(status).not.toContain('eve');
  for (const argv of [['plan'], ['releases'], ['audit', 'verify'], ['prune'], ['deploy'], ['rollback']])
    await expectCode(argv, 0);
  const { stdout } = await probe.run(['lock', '--reason', 'a night off']);
  const [, id = ''] = /`waggle unlock (\w+)`/.exec(stdout) ?? [];
  expect(await expectCode(['deploy'], FAILURES.LOCKED)).toContain('a night off');
  await expectCode(['unlock', id], 0);
  for (const stray of strays) await remove(stray);
});

test('while one run holds the lock a second one does not, whatever stands beside it', async () => {
  await create('a-stray-lock', {
    data: Buffer.from('?').toString('base64'),
    labels: { 'com.waggle.record': 'probe', 'com.waggle.kind': 'lock' },
  });
  await probe.setHook('pre-deploy', 'touch /tmp/holding; while [ -e /tmp/holding ]; do sleep 0.2; done');
  const first = deploy('v10');
  await expect.poll(async () => (await operator.machine.exec(['test', '-e', '/tmp/holding'])).code).toBe(0);
  await expectCode(['scale', 'side=2'], FAILURES.LOCKED);
  await operator.machine.run(['rm', '/tmp/holding']);
  const { code, stderr } = await first;
  expect(code, stderr).toBe(0);
  await remove('a-stray-lock');
});

test('the command that is shown is all it takes', async () => {
  await replace('probe.waggle.r2', holding('null'));
  const said = await expectCode(['releases'], FAILURES.AUDIT_FAILED);
  const [command = ''] = /docker config rm [\w. ]+/.exec(said) ?? [];
  await m1.run(['sh', '-c', command]);
  await expectCode(['releases'], 0);
  await expectCode(['prune'], 0);
});

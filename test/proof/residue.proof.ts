// Proves: a deploy that is stopped, or killed, while it is logged in to the registry leaves no login and no value behind.
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../../src/lab/engine.ts';
import { REGISTRY } from '../../src/lab/topology.ts';
import { FAILURES } from '../../src/shared/errors.ts';
import { findResidue, readOpenRecords, readRollout, readSecretNames } from '../lab/cluster.ts';
import {
  countStackDeploys,
  freeStackDeploys,
  holdStackDeploys,
  letGoStackDeploys,
} from '../lab/held-stack-deploy.ts';
import { SECRETS } from '../lab/operator.ts';
import { IMAGE } from '../lab/probe.ts';
import { probeOnCleanLab } from '../lab/probe-on-clean-lab.ts';

const { lab, operator, probe } = await probeOnCleanLab();
const [m1] = lab.managers;
let version = 0;

beforeAll(async () => {
  await next('true');
  const { code, stderr } = await probe.run(['deploy'], tag());
  expect(code, stderr).toBe(0);
});
afterEach(async () => {
  await freeStackDeploys(m1);
  // A build whose run was killed goes on.
  await lab.workstation.exec(['pkill', '-KILL', '-u', 'operator', 'docker']);
  expect(await findResidue(lab), 'credentials left behind').toEqual([]);
  expect(await readOpenRecords(lab), 'locks and journals left behind').toEqual([]);
});

const tag = () => ({ DEPLOY_TAG: `v${version}` });
const readAll = async () => ({ ...(await readRollout(lab)), secrets: await readSecretNames(lab) });

/** Another version, with an image that this command makes and a secret of its own. */
async function next(building: string): Promise<void> {
  version++;
  await probe.setFile('app/Dockerfile', `FROM ${IMAGE}\nRUN echo ${version} >/version && ${building}\n`);
  await probe.setStack({
    image: `${REGISTRY.host}/probe/app`,
    web: 'build: { context: app }',
    environment: `{ A: "${version}" }`,
  });
  await probe.setFile('secrets/password.txt', `probe-hunter2-${version}`);
  await operator.commit(`version ${version}`);
}

/** Longer than any test. */
const BUILDING = 'sleep 7200';

/** Moments at which a login is on a disk: how a deploy gets there, where the login then is, and how it gets on. */
const MOMENTS = [
  {
    moment: 'while an image is built',
    login: /^workstation:\/tmp\/waggle-run-.*config\.json$/,
    begin: () => next(BUILDING),
    isThere: async () => (await lab.workstation.exec(['pgrep', '-xf', BUILDING])).code === 0,
    getOn: async () => {},
  },
  {
    moment: 'during `docker stack deploy`',
    login: /^m1:\/dev\/shm\/waggle-.*config\.json$/,
    begin: async () => {
      await next('true');
      await holdStackDeploys(m1);
    },
    isThere: async () => (await countStackDeploys(m1)) > 0,
    getOn: () => letGoStackDeploys(m1),
  },
];
type Moment = (typeof MOMENTS)[number];

async function signalAt({ begin, isThere, login, getOn }: Moment, signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL') {
  await begin();
  let printed = '';
  const running = operator.startWaggle(['deploy', '--env', 'probe'], {
    env: tag(),
    onOutput: (text) => (printed += text),
  });
  let isOver = false;
  const output = running.output.finally(() => (isOver = true));
  await until('it is there', async () => isOver || isThere());
  expect(isOver, printed).toBe(false);
  expect(await findResidue(lab), 'it is not logged in').toContainEqual(expect.stringMatching(login));
  await running.kill(signal);
  if (signal !== 'SIGKILL') await getOn();
  return output;
}

describe.each(MOMENTS)('a deploy $moment', (moment) => {
  test.each(['SIGINT', 'SIGTERM'] as const)(
    'that %s stops puts all back, and its login is gone',
    async (signal) => {
      const before = await readAll();
      const { code, stdout, stderr } = await signalAt(moment, signal);
      expect(code, stdout + stderr).toBe(FAILURES.CANCELLED);
      expect(stderr).toContain(`stopped by ${signal}`);
      expect(await readAll()).toEqual(before);
    },
  );

  test('that SIGKILL ends leaves its login to the next run, which takes it away', async () => {
    await signalAt(moment, 'SIGKILL');
    // What it had begun on the manager dies with it, as when that is killed, too.
    await m1.exec(['pkill', '-KILL', '-u', 'deploy']);
    expect(await findResidue(lab)).toContainEqual(expect.stringMatching(moment.login));
    await freeStackDeploys(m1);
    await probe.unlock();
    await next('true');
    const { code, stdout, stderr } = await probe.run(['deploy', '--on-interrupted=rollback'], tag());
    expect(code, stdout + stderr).toBe(0);
  });
});

test('a `docker stack deploy` whose run was killed ends by itself, and takes its login away', async () => {
  const [, during] = MOMENTS;
  await signalAt(during as Moment, 'SIGKILL');
  await letGoStackDeploys(m1);
  await until('the login is gone', async () =>
    (await findResidue(lab)).every((file) => !file.startsWith('m1:')),
  );
  await probe.unlock();
  const { code, stdout, stderr } = await probe.run(['deploy', '--on-interrupted=rollback'], tag());
  expect(code, stdout + stderr).toBe(0);
});

test.each([
  ['/tmp/waggle-planted', ''],
  ['/dev/shm/waggle-planted', ''],
  ['/home/operator/.docker/config.json', '{}'],
  ['/home/operator/planted', `x ${SECRETS['secret_key.txt']} y`],
  ['/var/tmp/planted', Buffer.from(`${REGISTRY.username}:${REGISTRY.password}`).toString('base64')],
])('what is left behind in %s would be found, on either side', async (place, text) => {
  const places = [
    { machine: lab.workstation, user: 'operator', path: place },
    { machine: m1, user: 'deploy', path: place.replace('/home/operator', '/home/deploy') },
  ];
  const write = 'mkdir -p "$(dirname "$1")" && cat >"$1"';
  for (const { machine, user, path } of places)
    await machine.run(['sh', '-c', write, 'sh', path], { user, input: text });
  const found = await findResidue(lab);
  for (const { machine, path } of places) await machine.run(['rm', path]);
  expect(found.sort()).toEqual(places.map(({ machine, path }) => `${machine.name}:${path}`).sort());
});

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { ReleaseRecord } from '../../src/plan/records/release-record.ts';
import { FAILURES } from '../../src/shared/errors.ts';
import { askSwarm } from '../lab/ask-swarm.ts';
import { labUp } from '../lab/lab.ts';
import { reset } from '../lab/reset.ts';
import { findResidue, readSecretNames, readSpecs } from './cluster.ts';
import type { Probe } from './probe.ts';
import { TwoOperators } from './two-operators.ts';

/** Long histories: what is kept stays bounded, and nothing goes that one may come back to. */
const lab = await labUp();
const [m1] = lab.managers;
const two = new TwoOperators(lab);
const probe = two.first;

beforeAll(async () => {
  await reset(lab);
  await two.setUp();
});
afterAll(() => reset(lab));
afterEach(async () => expect(await findResidue(lab), 'credentials left behind').toEqual([]));

describe('sixty releases in a row', () => {
  const ALL = 60;
  const KEPT = 10;
  /** In place, so that it is quick; every fifteenth restarts tasks with another secret. */
  const deploy = async (at: number) => {
    await probe.setStack({ deploy: `replicas: 1\n      labels: { release: "${at}" }` });
    if (at % 15 === 0) await probe.setFile('secrets/password.txt', `probe-hunter2-never-shown-${at}`);
    const { code, stderr } = await probe.run(['deploy'], { DEPLOY_TAG: `n${at}` });
    expect(code, stderr).toBe(0);
  };
  /** What the cluster's own store holds of the stack, and how large it is on a manager's disk. */
  const measure = async () => ({
    records: (await askSwarm<unknown[]>(lab, '/configs', { label: ['com.waggle.record=probe'] })).length,
    configs: (await askSwarm<unknown[]>(lab, '/configs')).length,
    secrets: (await readSecretNames(lab)).length,
    bundles: (await m1.run(['sh', '-c', 'ls /home/deploy/.waggle/probe'])).split('\n').length,
    kilobytes: Number((await m1.run(['du', '-sk', '/var/lib/docker/swarm'])).split('\t')[0]),
  });

  test('the cluster keeps as much after them as after half of them', async () => {
    const numbers = Array.from({ length: ALL }, (_, at) => at + 1);
    for (const at of numbers.slice(0, ALL / 2)) await deploy(at);
    const { kilobytes: early, ...half } = await measure();
    for (const at of numbers.slice(ALL / 2)) await deploy(at);
    const { kilobytes: late, ...whole } = await measure();
    expect(whole).toEqual(half);
    expect(whole.records).toBe(KEPT);
    // Raft's log is a file of fixed size, which is begun anew when it is full.
    expect(late).toBeLessThan(early + 10_000);
    expect((await probe.run(['audit', 'verify'])).code).toBe(0);
  });

  test('each of the last ten can be brought back, spec for spec', async () => {
    const { stdout } = await probe.run(['releases', '--json']);
    const kept = (JSON.parse(stdout) as ReleaseRecord[]).toSorted((a, b) => a.number - b.number);
    expect(kept.length).toBe(KEPT);
    for (const { number, services } of kept) {
      const { code, stderr } = await probe.run(['rollback', `r${number}`]);
      expect(code, stderr).toBe(0);
      const wanted = services.toSorted((a, b) => a.Name.localeCompare(b.Name));
      expect(await readSpecs(lab), `r${number}`).toEqual(wanted);
    }
  });
});

const run = async (by: Probe, argv: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  by.run(argv, { SECRET_KEEP_VERSIONS: '1', RELEASES_KEEP: '3', ...env });
const CHOICES = ['resume', 'rollback', 'adopt'];
let killed = 0;
/** Whatever a killed run left is settled by the next, each time in another way. */
const settling = () => `--on-interrupted=${CHOICES[killed % CHOICES.length]}`;

/** What may happen to a stack. Each has its own exit code. */
const EVENTS: Readonly<Record<string, () => Promise<void>>> = {
  async deploy() {
    await two.next();
    const { code, stderr } = await run(probe, ['deploy', settling()]);
    expect(code, stderr).toBe(0);
  },
  async fail() {
    await two.next({ web: 'entrypoint: [sh, -c, "exit 1"]' });
    const { code, stderr } = await run(probe, ['deploy', settling()]);
    expect(code, stderr).toBe(FAILURES.NOT_CONVERGED);
  },
  async kill() {
    await two.deployUntil('wait for convergence', ({ kill }) => kill(), { flags: [settling()] });
    killed++;
    await two.unlock(m1);
  },
  async rollback() {
    const { code, stderr } = await run(two.second, ['rollback', settling()]);
    expect(code, stderr).toBe(0);
  },
  async prune() {
    const { code, stderr } = await run(two.second, ['prune']);
    expect(code, stderr).toBe(0);
  },
};

/** A round on which each event is followed once by each: the shortest histories there are. */
function roundOf(names: readonly string[]): readonly string[] {
  const left = new Map(names.map((name) => [name, [...names]]));
  const round: string[] = [];
  const walk = (name: string): void => {
    for (let next = left.get(name)?.pop(); next; next = left.get(name)?.pop()) walk(next);
    round.unshift(name);
  };
  walk(names[0] ?? '');
  return round;
}

const NAMED = /"SecretName":\s*"([^"]+)"/g;

test('after whatever comes after whatever, no secret is gone that somebody may come back to', async () => {
  const round = roundOf(Object.keys(EVENTS));
  const pairs = new Set(round.slice(1).map((name, at) => `${round[at]} ${name}`));
  expect(pairs.size).toBe(Object.keys(EVENTS).length ** 2);
  for (const [at, name] of round.entries()) {
    await EVENTS[name]?.();
    const { stdout } = await two.second.run(['releases', '--json']);
    // What Swarm remembers of each may be a deploy that failed, whose secrets went with it.
    const named = [...`${stdout}${JSON.stringify(await readSpecs(lab))}`.matchAll(NAMED)];
    const history = round.slice(0, at + 1).join(', ');
    expect(await readSecretNames(lab), history).toEqual(
      expect.arrayContaining(named.map(([, secret = '']) => secret)),
    );
  }
});

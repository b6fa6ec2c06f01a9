// Proves: deploys, failures, kills, rollbacks and prunings in any order of two never lose a secret that something names.
import { expect, test } from 'vitest';
import { FAILURES } from '../../src/shared/errors.ts';
import { readSecretNames, readSpecs } from '../lab/cluster.ts';
import type { Probe } from '../lab/probe.ts';
import { twoOnCleanLab } from '../lab/two-on-clean-lab.ts';

const { lab, two } = await twoOnCleanLab();
const [m1] = lab.managers;
const probe = two.first;

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

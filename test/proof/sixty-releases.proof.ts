// Proves: after 60 releases in a row the cluster holds no more than after 30, and each of the last ten comes back spec for spec.
import { describe, expect, test } from 'vitest';
import type { ReleaseRecord } from '../../src/plan/records/release-record.ts';
import { askSwarm } from '../lab/ask-swarm.ts';
import { readSecretNames, readSpecs } from '../lab/cluster.ts';
import { twoOnCleanLab } from '../lab/two-on-clean-lab.ts';

const { lab, two } = await twoOnCleanLab();
const [m1] = lab.managers;
const probe = two.first;

describe('sixty releases in a row', () => {
  const ALL = 60;
  const KEPT = 10;
  /** Tag -> what then ran. */
  const ran = new Map<string, unknown>();
  /** In place, so that it is quick; every fifteenth restarts tasks with another secret. */
  const deploy = async (at: number) => {
    await probe.setStack({ deploy: `replicas: 1\n      labels: { release: "${at}" }` });
    if (at % 15 === 0) await probe.setFile('secrets/password.txt', `probe-hunter2-never-shown-${at}`);
    const { code, stderr } = await probe.run(['deploy'], { DEPLOY_TAG: `n${at}` });
    expect(code, stderr).toBe(0);
    ran.set(`n${at}`, await readSpecs(lab));
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
    for (const { number, tag } of kept) {
      const { code, stderr } = await probe.run(['rollback', `r${number}`]);
      expect(code, stderr).toBe(0);
      expect(await readSpecs(lab), `r${number}`).toEqual(ran.get(tag));
    }
  });
});

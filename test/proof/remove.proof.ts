// Proves: `waggle remove` takes a stack away with all that belongs to it, and touches nothing of another stack.
import { expect, test } from 'vitest';
import { FAILURES } from '../../src/shared/errors.ts';
import { findResidue } from '../lab/cluster.ts';
import { IMAGE } from '../lab/probe.ts';
import { probeOnCleanLab } from '../lab/probe-on-clean-lab.ts';

const { lab, probe } = await probeOnCleanLab();
const [m1] = lab.managers;

const list = async (what: string) =>
  (await m1.run(['docker', ...what.split(' ')])).split('\n').filter(Boolean).sort();
const names = '--format {{.Name}}';
const readAll = async () => ({
  services: await list(`service ls ${names}`),
  networks: await list(`network ls --filter driver=overlay ${names}`),
  secrets: await list(`secret ls ${names}`),
  configs: await list(`config ls ${names}`),
});
const ofProbe = (all: Awaited<ReturnType<typeof readAll>>) =>
  Object.values(all)
    .flat()
    .filter((name) => name.startsWith('probe'));
const volumes = async () =>
  (
    await Promise.all(
      lab.managers.map((node) =>
        node.run(['docker', 'volume', 'ls', '-q', '--filter', 'label=com.docker.stack.namespace=probe']),
      ),
    )
  ).join('');

/** Through the bastion's ports, as ssh on the workstation does not know the nodes by their names. */
const EVERY_NODE = {
  DEPLOY_MANAGER_HOST: [1, 2, 3].map((at) => `bastion.lab:220${at}`).join(','),
  DEPLOY_MANAGER_SSH_PORT: '',
};
const VOLUME = { sideKeys: 'volumes: ["data:/data"]', top: 'volumes: { data: {} }' };

test('a dry run and a refused question change nothing', async () => {
  await probe.setStack(VOLUME);
  expect((await probe.run(['deploy'])).code).toBe(0);
  await m1.run(['docker', 'service', 'create', '--detach', '--name', 'other', '--replicas', '0', IMAGE]);
  const before = await readAll();
  const dry = await probe.run(['remove', '--dry-run']);
  expect(dry.code, dry.stderr).toBe(0);
  for (const name of ofProbe(before)) expect(dry.stdout).toContain(name);
  const asked = await probe.run(['remove']);
  expect(asked.code, asked.stderr).toBe(FAILURES.USAGE);
  expect(await readAll()).toEqual(before);
});

test('everything of the stack goes but its volumes, and nothing else does', async () => {
  const before = await readAll();
  const { code, stdout, stderr } = await probe.run(['remove', '--yes']);
  expect(code, stdout + stderr).toBe(0);
  const after = await readAll();
  expect(ofProbe(after)).toEqual([]);
  expect(after.services).toEqual(before.services.filter((name) => !name.startsWith('probe')));
  expect(await m1.run(['ls', '/home/deploy/.waggle'])).not.toContain('probe');
  expect(await volumes()).not.toBe('');
  expect(await findResidue(lab)).toEqual([]);
});

test('volumes go when asked, of every node or of none', async () => {
  expect((await probe.run(['deploy'])).code).toBe(0);
  const before = await readAll();
  const refused = await probe.run(['remove', '--volumes', '--yes']);
  expect(refused.code, refused.stderr).toBe(FAILURES.UNREACHABLE);
  expect(refused.stderr).toContain('m3: cannot connect');
  expect(await readAll()).toEqual(before);
  const { code, stdout, stderr } = await probe.run(['remove', '--volumes', '--yes'], EVERY_NODE);
  expect(code, stdout + stderr).toBe(0);
  expect(await volumes()).toBe('');
  expect(ofProbe(await readAll())).toEqual([]);
  const again = await probe.run(['remove', '--yes']);
  expect(again.code, again.stderr).toBe(0);
  expect(again.stdout).toContain('nothing to remove');
  await m1.run(['docker', 'service', 'rm', 'other']);
});

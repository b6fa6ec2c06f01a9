// Proves: Waggle's own image is small, runs as no root, and deploys as DEPLOYING.md shows.
import { resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pipe } from '../../src/lab/engine.ts';
import { findResidue } from '../lab/cluster.ts';
import { labUp } from '../lab/lab.ts';
import { Operator } from '../lab/operator.ts';
import { Probe } from '../lab/probe.ts';
import { reset } from '../lab/reset.ts';
import { shown } from '../lab/shown.ts';

/** Waggle's own image, as CI systems without Node run it. */
const lab = await labUp();
const { workstation } = lab;
const operator = new Operator(lab);
const probe = new Probe(operator);
const SOURCE = '/home/operator/waggle';
/** It holds a browser of no kind, no compiler and no daemon. */
const MOST_MB = 450;

beforeAll(async () => {
  await reset(lab);
  await operator.checkOut();
  await probe.setUp();
  const root = resolve(import.meta.dirname, '../..');
  await workstation.copyIn(root, SOURCE, 'root', ['./.git', './dist']);
  const load = `docker save debian:trixie-slim | docker exec -i ${workstation.container} docker load`;
  await pipe(lab.engine, load);
  await workstation.run(['ln', '-sf', '/lab/npm/bin/npm-cli.js', '/usr/local/bin/npm']);
  await workstation.run(['sh', '-c', shown('npm run image')], { cwd: SOURCE });
  await workstation.run(['rm', '-rf', SOURCE]);
});
afterAll(async () => {
  await workstation.exec(['docker', 'image', 'rm', 'waggle', 'debian:trixie-slim']);
  await reset(lab);
});

const AS_SHOWN =
  'docker run --rm --volume "$PWD:/project" --env DEPLOY_SSH_PRIVATE_KEY --env DEPLOY_SSH_HOST_KEY waggle deploy';

/** The key in the environment, as in CI. */
const run = (words: string) =>
  operator.sh(
    [
      'export DEPLOY_SSH_PRIVATE_KEY="$(cat ~/.ssh/id_ed25519)"',
      `export DEPLOY_SSH_HOST_KEY="$(awk '$1 == "[bastion.lab]:2201" { print $2, $3 }' ~/.ssh/known_hosts)"`,
      'export DEPLOY_TAG=v1',
      'chmod -R go+rX .',
      // Names of the lab are known to its machines' own network only.
      shown(AS_SHOWN, { '--rm': '--rm --network host --env DEPLOY_TAG', 'waggle deploy': words }),
    ].join('\n'),
  );

test('it is small, and no root', async () => {
  const size = Number(
    await workstation.run(['docker', 'image', 'inspect', '--format', '{{.Size}}', 'waggle']),
  );
  expect(size / 1e6).toBeLessThan(MOST_MB);
  expect(await run('--entrypoint id waggle -u')).toBe('1000');
});

test('it has all that a build needs', async () => {
  expect(
    await run('--entrypoint sh waggle -c "git --version && docker buildx version && ssh -V 2>&1"'),
  ).toMatch(/git version[\s\S]*buildx[\s\S]*OpenSSH/);
});

test('it deploys', async () => {
  expect(await run('waggle deploy --env probe')).toContain('this is release r1');
  expect(await run('waggle status --env probe')).toContain('probe: r1, v1, deployed');
  expect(await findResidue(lab)).toEqual([]);
});

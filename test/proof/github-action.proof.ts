// Proves: the steps that DEPLOYING.md shows for another repository's workflow deploy a commit by its whole id, and hand on a token that a step made.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { REGISTRY } from '../../src/lab/topology.ts';
import { findResidue, readSecretNames, readVersion } from '../lab/cluster.ts';
import { expectCode, expectSecrecy } from '../lab/github-expect.ts';
import { runWorkflow } from '../lab/github-job.ts';
import { jobVariables, onBranch, readSettings, setUpRepository } from '../lab/github-repository.ts';
import { pushCommit } from '../lab/github-runner.ts';
import type { Settings } from '../lab/github-types.ts';
import { labUp } from '../lab/lab.ts';
import { Operator } from '../lab/operator.ts';
import { reset } from '../lab/reset.ts';

const lab = await labUp();
const operator = new Operator(lab);
const DOCUMENT = readFileSync(resolve(import.meta.dirname, '../../DEPLOYING.md'), 'utf8');
const shownAs = (pattern: RegExp) => pattern.exec(DOCUMENT)?.[1] ?? '';
const STEPS = shownAs(/^```yaml\nsteps:\n([\s\S]*?)^```/m).replace('<this repository>@<commit>', './');
/** The checkout, and the settings that are not secret. */
const BEGIN = STEPS.split('\n').slice(0, 2).join('\n');
const OIDC = `${BEGIN}\n${shownAs(/^```yaml\npermissions:.*\nsteps:\n([\s\S]*?)^```/m)}`;
const jobOf = (steps: string) => `jobs:\n  own:\n    steps:\n${steps.replace(/^/gm, '    ')}`;
let settings: Settings;

beforeAll(async () => {
  await reset(lab);
  await setUpRepository(operator);
  settings = await readSettings(operator);
});
afterAll(() => reset(lab));
afterEach(async () => expect(await findResidue(lab), 'credentials left behind').toEqual([]));

test('the five lines of DEPLOYING.md deploy a commit by its whole id, from a checkout of one commit', async () => {
  const sha = await pushCommit(operator, 'echo by-id >version.txt');
  const env = jobVariables(settings);
  const job = await runWorkflow(operator, jobOf(STEPS), 'own', onBranch({ ...settings, env }, sha));
  expectCode(job);
  expectSecrecy(job);
  expect(await operator.sh('git rev-list --count HEAD && git branch --show-current')).toBe('1');
  expect(await readVersion(lab)).toBe(sha);
  const names = await readSecretNames(lab);
  expect(names.some((name) => name.includes(sha.slice(0, 7)))).toBe(true);
  expect(names.filter((name) => name.length > 64)).toEqual([]);
});

test('a token that a step made for the run is known to the next, and hidden', async () => {
  const sha = await pushCommit(operator, 'echo oidc >version.txt');
  await operator.machine.writeFile('/usr/local/bin/aws', `#!/bin/sh\necho ${REGISTRY.password}\n`, {
    mode: '755',
  });
  const env = {
    ...jobVariables(settings),
    DEPLOY_SSH_PRIVATE_KEY: settings.secrets.DEPLOY_SSH_PRIVATE_KEY ?? '',
    DEPLOY_TAG: sha,
  };
  const job = await runWorkflow(operator, jobOf(OIDC), 'own', onBranch({ ...settings, env }, sha));
  await operator.machine.exec(['rm', '/usr/local/bin/aws']);
  expectCode(job);
  expect(job.said).toContain(`pushed as ${sha}`);
  expect(job.said).toContain(`::add-mask::${REGISTRY.password}`);
});

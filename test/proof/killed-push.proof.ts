// Proves: a rollback, or a rotation, killed at any of its steps is settled from another machine in each way: the stack is one release.
import { expect, test } from 'vitest';
import { createVersions } from '../../src/pipeline/steps/create-versions.ts';
import { readSpecs } from '../lab/cluster.ts';
import { everyStep, inTurn, ofPush } from '../lab/kill-points.ts';
import { twoOnCleanLab } from '../lab/two-on-clean-lab.ts';

const { lab, two } = await twoOnCleanLab(everyStep);

test.each(inTurn(ofPush))('killed at "%s": %s', async (step, choice) => {
  // Both have the same files, as ever.
  for (const probe of [two.first, two.second])
    await probe.setFile('secrets/password.txt', `probe-hunter2-rotated-${two.version}`);
  // A rollback makes no secret.
  const rotates = step === createVersions.name;
  // The one before it may be where the last case came from.
  if (!rotates) await two.expectDeploys();
  await two.killedAt(step, rotates ? ['secrets', 'rotate', 'password'] : ['rollback']);
  await two.unlock(lab.managers[0]);
  await two.recover(choice);
  await two.expectSettled();
});

test('what a killed deploy left half done is not made a release by a scaling that goes on from it', async () => {
  const was = two.version;
  await two.killAt('wait for convergence');
  await two.unlock(lab.managers[0]);
  await two.run(two.second, ['scale', 'web=3', '--on-interrupted=resume']);
  const specs = await readSpecs(lab);
  expect(specs.map(({ TaskTemplate }) => TaskTemplate.ContainerSpec.Env)).toEqual(
    specs.map(() => expect.arrayContaining([`VERSION=${was}`])),
  );
  // What the killed deploy made and nothing names is one of the newest of its kind, which are kept: only what runs is asked.
  await two.next();
  await two.run(two.first, ['deploy']);
  expect((await two.run(two.second, ['status'])).stdout).not.toMatch(/interrupted|by hand/);
});

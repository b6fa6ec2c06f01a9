// Proves: a run killed at any step before the first change leaves nothing that the next one has to settle.
import { test } from 'vitest';
import { beforeAnyChange, everyStepAndBuild } from '../lab/kill-points.ts';
import { twoOnCleanLab } from '../lab/two-on-clean-lab.ts';

const { lab, two } = await twoOnCleanLab(everyStepAndBuild);

test.each(beforeAnyChange)('killed at "%s"', async (step) => {
  await two.killAt(step);
  await two.unlock(lab.managers[0]);
  // The other machine has no builder.
  await two.run(two.first, ['deploy', '--on-interrupted=fail']);
  await two.expectSettled();
});

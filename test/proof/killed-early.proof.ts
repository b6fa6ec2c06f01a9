// Proves: a run killed at any step before the first change leaves nothing that the next one, from another machine, has to settle.
import { test } from 'vitest';
import { beforeAnyChange, everyStepAndBuild } from '../lab/kill-points.ts';
import { twoOnCleanLab } from '../lab/two-on-clean-lab.ts';

const { two } = await twoOnCleanLab(everyStepAndBuild);

test.each(beforeAnyChange)('killed at "%s"', (step) => two.killAndRecover(step, 'fail'));

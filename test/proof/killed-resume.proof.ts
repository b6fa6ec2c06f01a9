// Proves: a run killed at any step that changes something and before it is settled from another machine by resume: the stack is one release.
import { test } from 'vitest';
import { beforeAnyChange, duringChanges } from '../lab/kill-points.ts';
import { twoOnCleanLab } from '../lab/two-on-clean-lab.ts';

const { two } = await twoOnCleanLab();

test.each(duringChanges)('killed at "%s"', (step) => two.killAndRecover(step, 'resume'));

test.each(beforeAnyChange)('killed before it changed anything, at "%s"', (step) =>
  two.killAndRecover(step, 'resume'),
);

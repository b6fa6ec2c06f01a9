// Proves: a run killed at any step that changes something is settled from another machine by resume: the stack is one release.
import { test } from 'vitest';
import { duringChanges, everyStep } from '../lab/kill-points.ts';
import { twoOnCleanLab } from '../lab/two-on-clean-lab.ts';

const { two } = await twoOnCleanLab(everyStep);

test.each(duringChanges)('killed at "%s"', (step) => two.killAndRecover(step, 'resume'));

test('killed once more, as the next run settles it', () =>
  two.killTwiceAndRecover('resume', '> deploy the stack'));

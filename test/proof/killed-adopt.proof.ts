// Proves: a run killed at any step that changes something and after it is settled from another machine by adopt: the stack is one release.
import { test } from 'vitest';
import { duringChanges, onceHealthy } from '../lab/kill-points.ts';
import { twoOnCleanLab } from '../lab/two-on-clean-lab.ts';

const { two } = await twoOnCleanLab();

test.each(duringChanges)('killed at "%s"', (step) => two.killAndRecover(step, 'adopt'));

test.each(onceHealthy)('killed once its release is healthy, at "%s"', (step) =>
  two.killAndRecover(step, 'adopt'),
);

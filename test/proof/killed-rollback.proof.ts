// Proves: a run killed at any step that changes something is settled from another machine by rollback: the stack is one release.
import { test } from 'vitest';
import { duringChanges } from '../lab/kill-points.ts';
import { twoOnCleanLab } from '../lab/two-on-clean-lab.ts';

const { two } = await twoOnCleanLab();

test.each(duringChanges)('killed at "%s"', (step) => two.killAndRecover(step, 'rollback'));

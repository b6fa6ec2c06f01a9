// Proves: a run killed as its healthy release is put on record, or just after, leaves that release, whatever the next one chooses.
import { test } from 'vitest';
import { everyStep, onceHealthy, withEach } from '../lab/kill-points.ts';
import { twoOnCleanLab } from '../lab/two-on-clean-lab.ts';

const { two } = await twoOnCleanLab(everyStep);

test.each(withEach(onceHealthy))('killed at "%s": %s', (step, choice) => two.killAndRecover(step, choice));

// Proves: a run killed as it cleans up after a release that is on record leaves that release, whatever the next one chooses.
import { test } from 'vitest';
import { everyStep, onceRecorded, withEach } from '../lab/kill-points.ts';
import { twoOnCleanLab } from '../lab/two-on-clean-lab.ts';

const { two } = await twoOnCleanLab(everyStep);

test.each(withEach(onceRecorded))('killed at "%s": %s', (step, choice) => two.killAndRecover(step, choice));

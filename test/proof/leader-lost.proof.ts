// Proves: when the leader dies together with a run, in the first half of the steps that change something, another machine goes on at another manager.
import { test } from 'vitest';
import { everyStep, firstHalf } from '../lab/kill-points.ts';
import { loseLeader } from '../lab/lose-leader.ts';
import { twoOnCleanLab } from '../lab/two-on-clean-lab.ts';

const { lab, two } = await twoOnCleanLab(everyStep);

test.each(firstHalf)('the leader dies with the run at "%s": %s', (step, choice) =>
  loseLeader(lab, two, step, choice),
);

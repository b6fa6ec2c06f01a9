// Proves: when the leader dies together with a run, at any step that changes something, another machine goes on at another manager.
import { test } from 'vitest';
import { duringChanges, everyStep, inTurn } from '../lab/kill-points.ts';
import { loseLeader } from '../lab/lose-leader.ts';
import { twoOnCleanLab } from '../lab/two-on-clean-lab.ts';

const { lab, two } = await twoOnCleanLab(everyStep);

test.each(inTurn(duringChanges))('the leader dies with the run at "%s": %s', (step, choice) =>
  loseLeader(lab, two, step, choice),
);

import { expect, test } from 'vitest';
import { gatherFacts } from '../../src/pipeline/gather-facts.ts';
import type { SwarmNode, SwarmReads, SwarmRecords } from '../../src/shared/swarm.ts';
import { release } from '../fakes/inputs.ts';
import { node } from '../fakes/swarm.ts';

/** A Swarm whose nodes are as each of `looks` has them, and stay as in the last. */
function swarmOf(looks: readonly (readonly SwarmNode[])[]): SwarmReads & SwarmRecords {
  let asked = 0;
  const none = async () => [];
  return {
    readManager: async () => ({ isManager: true, problem: '' }),
    readNodes: async () => looks[Math.min(asked++, looks.length - 1)] ?? [],
    readServices: none,
    readNetworks: none,
    readObjects: none,
    readAllTasks: none,
    readRecords: none,
  } as unknown as SwarmReads & SwarmRecords;
}

test('what a leader that was just elected does not know of its nodes is waited for', async () => {
  const [ready, down] = [node('m1'), node('m2', { state: 'down', usable: false })];
  const unknown = node('m2', { state: 'unknown', usable: false });
  const facts = await gatherFacts(
    release(),
    swarmOf([
      [ready, unknown],
      [ready, down],
    ]),
  );
  expect(facts.nodes).toEqual([ready, down]);
});

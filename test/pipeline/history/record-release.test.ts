import { expect, test } from 'vitest';
import type { Interruption } from '../../../src/pipeline/history/interruptions.ts';
import { recordRelease } from '../../../src/pipeline/history/record-release.ts';
import type { DesiredState } from '../../../src/pipeline/push/desired-state.ts';
import type { Deployment, StepOutputs } from '../../../src/pipeline/step.ts';
import { parseReleases } from '../../../src/plan/records/release-record.ts';
import { heldCluster } from '../../fakes/held-cluster.ts';
import { release } from '../../fakes/inputs.ts';
import { maskOf } from '../../fakes/mask.ts';
import { fakeRecords, releaseRecord } from '../../fakes/records.ts';
import { facts } from '../../fakes/swarm.ts';

const desired: DesiredState = {
  specs: [],
  of: releaseRecord(1),
  isRollback: false,
  note: 'scale api 1 -> 2',
};
const killed = { intent: { isIrreversible: true } } as Interruption;

/** What is on record of a run from a checkout whose stack has a job with, or without, a way back. */
async function recorded(isMarked: boolean, outputs: Partial<StepOutputs>) {
  const swarm = fakeRecords();
  const read = release();
  const job = { image: 'r.io/jobs:1', 'x-waggle': { phase: 'release', migrations: 'irreversible' } } as const;
  const document = { ...read.document, services: { ...read.document.services, ...(isMarked && { job }) } };
  const deployment = {
    release: { ...read, document },
    facts: facts(),
    tools: { cluster: heldCluster, swarm, log: { told: [] }, mask: maskOf('hunter2') },
    holder: { id: 'a1', who: 'ada@laptop', since: '2026-11-21T21:54:49.756Z', what: '', isPerson: false },
    outputs: { digests: { 'r.io/team/api:abc1234': 'sha256:a', 'redis:7': 'sha256:b' }, ...outputs },
  } as unknown as Deployment;
  await recordRelease(deployment, { isKept: true });
  return parseReleases(await swarm.readRecords('shop'))[0];
}

test.each([
  ['half done', { isHalfDone: true }, true],
  ['whole', {}, undefined],
])('what is changed of a release is as whole as that was: %s', async (_what, change, expected) => {
  const of = releaseRecord(1, change);
  expect((await recorded(false, { desired: { ...desired, of } }))?.isHalfDone).toBe(expected);
});

test.each([
  ['a deploy whose migrations can be undone', false, {}, false],
  ['a deploy whose migrations cannot', true, {}, true],
  ['what is pushed from a checkout that has such', true, { desired }, false],
  ['what goes on from a run that was killed, and had such', false, { interruptions: [killed] }, true],
  ['what is pushed after one', false, { desired, interruptions: [killed] }, true],
])('no way back beyond it: %s', async (_what, isMarked, outputs, expected) => {
  expect((await recorded(isMarked, outputs))?.isIrreversible).toBe(expected);
});

test('a deploy records its warnings, masked; a push has none of its own', async () => {
  const warned = (await recorded(false, {}))?.warned;
  expect(warned).toContain(
    'no-healthcheck: services.api has no healthcheck: unless its image has one, a task counts as healthy as soon as it starts',
  );
  expect((await recorded(false, { desired }))?.warned).toBeUndefined();
});

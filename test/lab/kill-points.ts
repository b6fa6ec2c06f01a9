import { cleanupSteps, deploySteps } from '../../src/pipeline/deploy.ts';
import type { Step } from '../../src/pipeline/step.ts';
import { buildImages } from '../../src/pipeline/steps/build-images.ts';
import { checkHealth } from '../../src/pipeline/steps/check-health.ts';
import { deployWaves } from '../../src/pipeline/steps/deploy-waves.ts';
import { openJournal } from '../../src/pipeline/steps/open-journal.ts';
import { reportResult } from '../../src/pipeline/steps/report-result.ts';

/** The steps at which a run may be killed, by their names, read from the deploy itself: a new one is among them. */

/** Those that the probe's stack gives something to do. */
const namesOf = (steps: readonly Step[]) =>
  steps
    .filter((step) => ![buildImages, deployWaves, checkHealth, reportResult].includes(step))
    .map(({ name }) => name);

const FIRST_WRITTEN = deploySteps.indexOf(openJournal);
// What comes after those is done sooner than a signal arrives.
const [record = [], hook = []] = cleanupSteps;

export const beforeAnyChange = namesOf(deploySteps.slice(0, FIRST_WRITTEN));
export const duringChanges = namesOf(deploySteps.slice(FIRST_WRITTEN));
export const onceHealthy = namesOf([...record, ...hook]);

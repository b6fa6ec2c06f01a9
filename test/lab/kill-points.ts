import { REGISTRY } from '../../src/lab/topology.ts';
import { cleanupSteps, deploySteps } from '../../src/pipeline/deploy.ts';
import { pushCleanup, pushSteps } from '../../src/pipeline/push/push-forward.ts';
import type { Step } from '../../src/pipeline/step.ts';
import { openJournal } from '../../src/pipeline/steps/open-journal.ts';
import { IMAGE, type Parts } from './probe.ts';

/** The steps at which a run may be killed, by their names: all there are, read from the deploy itself. */

const namesOf = (steps: readonly Step[]) => steps.map(({ name }) => name);
const FIRST_WRITTEN = deploySteps.indexOf(openJournal);

export const beforeAnyChange = namesOf(deploySteps.slice(0, FIRST_WRITTEN));
export const duringChanges = namesOf(deploySteps.slice(FIRST_WRITTEN));
/** Its record is written, or is not. */
const RECORDED = 2;
export const onceHealthy = namesOf(cleanupSteps.slice(0, RECORDED).flat());
export const onceRecorded = namesOf(cleanupSteps.slice(RECORDED).flat());
export const ofPush = namesOf([...pushSteps, ...pushCleanup.flat()]);

/** What is deployed, and with which settings: of the stack that is as small as it can be, unless a proof says more. */
export interface Kind {
  readonly parts?: Partial<Parts>;
  readonly env?: Readonly<Record<string, string>>;
  /** Of an image that is built: from a commit. */
  readonly dockerfile?: string;
}

/** The registry's, on a machine that trusts it. */
export const CA = `/etc/docker/certs.d/${REGISTRY.host}/ca.crt`;

/** What gives each of them something to do: a step that has nothing to do is never said to begin, and its test fails. */
const env = {
  DEPLOY_HEALTHCHECK_URL: `https://${REGISTRY.host}/v2/ status=401`,
  NODE_EXTRA_CA_CERTS: CA,
};
export const everyStep: Kind = { parts: { web: 'depends_on: [side]' }, env };
export const everyStepAndBuild: Kind = {
  parts: { image: `${REGISTRY.host}/probe/web`, web: 'build: { context: app }\n    depends_on: [side]' },
  env,
  dockerfile: `FROM ${IMAGE}\n`,
};

const CHOICES = ['resume', 'rollback', 'adopt'] as const;
/** Each once, the choices in turn. */
export const inTurn = (points: readonly string[]) =>
  points.map((point, at) => [point, CHOICES[at % CHOICES.length] ?? 'resume'] as const);
/** Each with each. */
export const withEach = (points: readonly string[]) =>
  points.flatMap((point) => CHOICES.map((choice) => [point, choice] as const));

/** Each goes with the death of the leader: in two parts, which take their time. */
const half = Math.ceil(duringChanges.length / 2);
export const firstHalf = inTurn(duringChanges).slice(0, half);
export const secondHalf = inTurn(duringChanges).slice(half);

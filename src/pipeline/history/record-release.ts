import {
  DEPLOYED,
  lastHash,
  nextNumber,
  type ReleaseRecord,
  renderRelease,
} from '../../plan/records/release-record.ts';
import { warningKey } from '../../plan/records/warned.ts';
import { isIrreversible } from '../../plan/release/plan-waves.ts';
import { codeOf, DeployError, messageOf } from '../../shared/errors.ts';
import { mapTexts } from '../../shared/map-texts.ts';
import { showControls } from '../../shared/show-controls.ts';
import { stackFileOf } from '../stack-file.ts';
import type { Deployment } from '../step.ts';
import { storeRecord } from './store.ts';

export interface ReleaseOutcome {
  /** undefined: it was deployed. */
  readonly failure?: unknown;
  /** The new version runs, in spite of the failure. */
  readonly isKept: boolean;
}

/** Appends what became of a deploy to the history that the cluster keeps; gives its number. */
export async function recordRelease(
  deployment: Deployment,
  { failure, isKept }: ReleaseOutcome,
): Promise<number> {
  const { release, facts, tools, holder, outputs } = deployment;
  const { stack, id, tag, commit } = release;
  const number = nextNumber(facts.records);
  const { deployed = [], networks = [] } = isKept ? outputs : {};
  const record = {
    ...{ number, stack, id, tag, commit },
    cluster: tools.cluster.id,
    who: holder.who,
    since: holder.since,
    seconds: Math.round((Date.now() - Date.parse(holder.since)) / 1000),
    told: tools.log.entries,
    warned: outputs.desired ? undefined : release.findings.map((one) => warningKey(one, tools.mask)),
    plan: outputs.plan,
    result: failure ? codeOf(failure) : DEPLOYED,
    ...mapTexts(describeFailure(failure), (text) => showControls(tools.mask(text))),
    rollbackTo: outputs.desired?.isRollback ? outputs.desired.of.number : undefined,
    note: outputs.desired?.note,
    project: outputs.desired ? outputs.desired.of.project : outputs.project,
    isIrreversible: runsIrreversibleJobs(deployment),
    // What is changed of it is no more whole than it was.
    ...(outputs.desired?.of.isHalfDone && { isHalfDone: true }),
    stackFile: stackFileOf(deployment),
    templates: release.templates,
    services: deployed.map(({ spec }) => spec),
    networks,
    previousHash: lastHash(facts.records),
  };
  await storeRecord(tools.swarm, renderRelease(record));
  return number;
}

/** A change without a build runs no jobs; jobs that an interrupted run started have still run. */
export function runsIrreversibleJobs({ release, outputs }: Pick<Deployment, 'release' | 'outputs'>): boolean {
  const { desired, interruptions = [] } = outputs;
  return (
    (!desired && isIrreversible(release.document)) ||
    interruptions.some(({ intent }) => intent.isIrreversible)
  );
}

function describeFailure(failure: unknown): Pick<ReleaseRecord, 'failure' | 'details' | 'hint'> {
  if (!failure) return {};
  const { details = undefined, hint = undefined } = failure instanceof DeployError ? failure : {};
  return { failure: messageOf(failure), details, hint };
}

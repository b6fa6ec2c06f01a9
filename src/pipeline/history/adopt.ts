import { PHASE_LABEL } from '../../plan/labels.ts';
import { findReadableRunning } from '../../plan/records/find-release.ts';
import {
  ADOPTED,
  lastHash,
  nextNumber,
  type ReleaseRecord,
  renderRelease,
} from '../../plan/records/release-record.ts';
import type { Templates } from '../../plan/spec/templates.ts';
import type { RestoreContext } from '../step.ts';
import { storeRecord } from './store.ts';

/** As whose doing, and as which release, what runs is written down. */
export type Adopted = Pick<
  ReleaseRecord,
  'id' | 'tag' | 'who' | 'since' | 'isIrreversible' | 'isHalfDone' | 'plan' | 'project'
> & {
  /** undefined: that of what ran before. */
  readonly stackFile?: string | undefined;
  readonly templates: Templates;
};

/** Records the running state as a release: a rollback can restore it, and it is no longer drift. */
export async function adopt(
  { release: { stack }, tools: { cluster, swarm, log } }: RestoreContext,
  adopted: Adopted,
): Promise<void> {
  const [records, all, networks] = await Promise.all([
    swarm.readRecords(stack),
    swarm.readServices(stack),
    swarm.readNetworks(stack),
  ]);
  const services = all.filter(({ spec }) => !spec.Labels?.[PHASE_LABEL]);
  if (services.length === 0) return;
  const number = nextNumber(records);
  const record = {
    ...adopted,
    number,
    stack,
    cluster: cluster.id,
    seconds: 0,
    result: ADOPTED,
    stackFile: adopted.stackFile ?? findReadableRunning(records)?.stackFile ?? '',
    services: services.map(({ spec }) => spec),
    networks,
    previousHash: lastHash(records),
  };
  await storeRecord(swarm, renderRelease(record));
  log.info(`what runs now is release r${number}`);
}

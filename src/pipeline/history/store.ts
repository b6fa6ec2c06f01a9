import { piecesOf, type RecordInput, renderStored } from '../../plan/records/stored.ts';
import { ConnectionLost, DeployError } from '../../shared/errors.ts';
import { settleAll } from '../../shared/settle-all.ts';
import type { NewRecord, SwarmRecord, SwarmRecords } from '../../shared/swarm.ts';

/**
 * The first piece comes last: what there is of a record is whole. Gives all of them, the first one first. If one cannot
 * be made, the others are removed.
 */
export async function storeRecord(
  swarm: SwarmRecords,
  storing: RecordInput,
): Promise<readonly [SwarmRecord, ...SwarmRecord[]]> {
  const { head, rest } = renderStored(storing);
  const made: SwarmRecord[] = [];
  const make = async (record: NewRecord) => {
    const piece = await swarm.createRecord(record);
    if (!piece)
      throw new DeployError('DEPLOY_FAILED', `${record.name} is there already`, { hint: 'deploy again' });
    made.push(piece);
    return piece;
  };
  try {
    const pieces = await settleAll(rest.map(make), 'DEPLOY_FAILED');
    return [await make(head), ...pieces];
  } catch (error) {
    // The answer was lost, so the record may be whole; pieces without a first one are removed by pruning.
    if (!(error instanceof ConnectionLost))
      await Promise.allSettled(made.map(({ id }) => swarm.removeRecord(id)));
    throw error;
  }
}

export function removeStored(
  swarm: SwarmRecords,
  head: SwarmRecord,
  records: readonly SwarmRecord[],
): Promise<void> {
  return removePieces(swarm, piecesOf(head, records));
}

/** The first piece goes first. */
export async function removePieces(
  swarm: SwarmRecords,
  [first, ...rest]: readonly SwarmRecord[],
): Promise<void> {
  if (first) await swarm.removeRecord(first.id);
  await settleAll(
    rest.map(({ id }) => swarm.removeRecord(id)),
    'DEPLOY_FAILED',
  );
}

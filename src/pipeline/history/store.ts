import { piecesOf, renderStored, type Storing } from '../../plan/records/stored.ts';
import { allOf } from '../../shared/all-of.ts';
import { DeployError } from '../../shared/errors.ts';
import type { NewRecord, SwarmRecord, SwarmRecords } from '../../shared/swarm.ts';

/** The first piece comes last: what there is of a record is whole. Gives all of them, the first one first. */
export async function storeRecord(
  swarm: SwarmRecords,
  storing: Storing,
): Promise<readonly [SwarmRecord, ...SwarmRecord[]]> {
  const { head, rest } = renderStored(storing);
  const make = async (record: NewRecord) => {
    const made = await swarm.createRecord(record);
    if (made) return made;
    throw new DeployError('DEPLOY_FAILED', `${record.name} is there already`, { hint: 'deploy again' });
  };
  const pieces = await Promise.all(rest.map(make));
  return [await make(head), ...pieces];
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
  await allOf(
    rest.map(({ id }) => swarm.removeRecord(id)),
    'DEPLOY_FAILED',
  );
}

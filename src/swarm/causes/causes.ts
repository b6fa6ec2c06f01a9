import { awayNode } from './away-node.ts';
import { beyondNode } from './beyond-node.ts';
import type { Cause, CauseContext } from './cause.ts';
import { deadNode } from './dead-node.ts';
import { diskFull } from './disk-full.ts';
import { drainedNode } from './drained-node.ts';
import { driverMissing } from './driver-missing.ts';
import { endsAtOnce } from './ends-at-once.ts';
import { firewallFlushed } from './firewall-flushed.ts';
import { imageMissing } from './image-missing.ts';
import { killed } from './killed.ts';
import { mountKind } from './mount-kind.ts';
import { mountMissing } from './mount-missing.ts';
import { noAddress } from './no-address.ts';
import { noNode } from './no-node.ts';
import { noPool } from './no-pool.ts';
import { noProgram } from './no-program.ts';
import { objectMissing } from './object-missing.ts';
import { outOfMemory } from './out-of-memory.ts';
import { overlayBroken } from './overlay-broken.ts';
import { portTaken } from './port-taken.ts';
import { stillPreparing } from './still-preparing.ts';
import { unhealthy } from './unhealthy.ts';
import { userMissing } from './user-missing.ts';
import { volumeNotMounted } from './volume-not-mounted.ts';
import { wrongPlatform } from './wrong-platform.ts';

/** Asked in this order; the first that knows has the word. */
export const causes: readonly Cause[] = [
  deadNode,
  drainedNode,
  imageMissing,
  wrongPlatform,
  awayNode,
  noNode,
  portTaken,
  firewallFlushed,
  noPool,
  noAddress,
  overlayBroken,
  driverMissing,
  volumeNotMounted,
  mountMissing,
  mountKind,
  objectMissing,
  userMissing,
  beyondNode,
  noProgram,
  diskFull,
  outOfMemory,
  unhealthy,
  stillPreparing,
  killed,
  endsAtOnce,
];

export function findCause(context: CauseContext): string | undefined {
  for (const { explain } of causes) {
    const said = explain(context);
    if (said) return said;
  }
  return undefined;
}

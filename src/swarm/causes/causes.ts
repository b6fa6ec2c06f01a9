import { awayNode } from './away-node.ts';
import type { Cause, Scene } from './cause.ts';
import { deadNode } from './dead-node.ts';
import { drainedNode } from './drained-node.ts';
import { endsAtOnce } from './ends-at-once.ts';
import { imageMissing } from './image-missing.ts';
import { mountMissing } from './mount-missing.ts';
import { noNode } from './no-node.ts';
import { noProgram } from './no-program.ts';
import { objectMissing } from './object-missing.ts';
import { outOfMemory } from './out-of-memory.ts';
import { portTaken } from './port-taken.ts';
import { unhealthy } from './unhealthy.ts';
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
  mountMissing,
  objectMissing,
  noProgram,
  unhealthy,
  outOfMemory,
  endsAtOnce,
];

export function findCause(scene: Scene): string | undefined {
  for (const { explain } of causes) {
    const said = explain(scene);
    if (said) return said;
  }
  return undefined;
}

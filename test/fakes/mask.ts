import { type Mask, Secrecy } from '../../src/shared/mask.ts';
import { Secret } from '../../src/shared/secret.ts';

/** A mask that hides these. */
export function maskOf(...values: readonly string[]): Mask {
  const secrecy = new Secrecy();
  secrecy.learn(values.map((value) => ({ value: new Secret(value), isTelling: true })));
  return secrecy.mask;
}

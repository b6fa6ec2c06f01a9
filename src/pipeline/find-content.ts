import { DIGEST_LABEL, KEY_LABEL, versionContext } from '../plan/labels.ts';
import type { Release } from '../plan/release/release.ts';
import { fitsDigest } from '../shared/digest.ts';
import type { UsedObject } from '../swarm/plan-restore.ts';

/** What a secret or config held: as recorded, or this run's own value, if the fingerprint says that it is the same. */
export async function findContent(
  { objects }: Pick<Release, 'objects'>,
  { kind, labels, data }: UsedObject,
): Promise<Buffer | undefined> {
  if (data !== undefined) return Buffer.from(data, 'base64');
  const own = objects.find((object) => object.kind === kind && object.key === labels[KEY_LABEL]);
  if (!own?.value) return undefined;
  const isSame = await fitsDigest(labels[DIGEST_LABEL] ?? '', own.value, versionContext(own));
  return isSame ? own.value.reveal() : undefined;
}

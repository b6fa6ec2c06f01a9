import { blameEnvironment } from '../../config/check-settings.ts';
import type { EnvFile } from '../../config/parse-env.ts';
import type { Problem } from '../../config/problem.ts';
import { B2_KEYS } from '../../config/settings.ts';
import type { PlannedService, Release, Storage } from './release.ts';

/** S3 when all four B2_* are set, the local volume when none is; anything between is a mistake. */
export function planStorage(
  prod: EnvFile,
  environment: Readonly<Record<string, string>>,
): { storage: Storage; problems: readonly Problem[] } {
  const value = (key: string) => environment[key] ?? prod.values[key] ?? '';
  const missing = B2_KEYS.filter((key) => value(key) === '');
  if (missing.length === B2_KEYS.length) return { storage: { kind: 'local' }, problems: [] };
  const storage = { kind: 's3', endpoint: value('B2_ENDPOINT'), bucket: value('B2_BUCKET_NAME') } as const;
  const problems = missing.map((key) => {
    const message =
      'is empty while other B2_* keys are set: set all four for S3, or none for the local volume';
    if (Object.hasOwn(environment, key)) return blameEnvironment(prod, environment, key, message);
    return { file: prod.file, line: prod.lines[key], message: `${key} ${message}` };
  });
  return { storage, problems };
}

export function describeStorage(storage: Storage): string {
  return storage.kind === 's3'
    ? `S3 bucket ${storage.bucket} at ${storage.endpoint}`
    : 'local volume, one for each node';
}

/** The services whose uploads would be spread over volumes of several nodes. */
export function judgeLocalStorage({ storage, services }: Pick<Release, 'storage' | 'services'>): string[] {
  if (storage?.kind !== 'local') return [];
  return services.filter(isSpread).map(({ name, replicas }) => {
    const count = replicas ?? 'one on each node';
    return (
      `${name} keeps uploads on a local volume and has several replicas (${count}): a volume exists on one node ` +
      'only, so an upload saved by one replica is a 404 from the replicas on other nodes'
    );
  });
}

const isSpread = ({ storesUploads, pinnedToOneNode, replicas }: PlannedService) =>
  storesUploads && !pinnedToOneNode && (replicas === undefined || replicas > 1);

export const STORAGE_HINT =
  'set all four B2_* keys in prod.env to use S3, run one replica, or pin the service to one node';

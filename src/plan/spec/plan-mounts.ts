import type { Mount } from '../../config/compose/parse-mount.ts';
import { readPairs } from '../../config/pairs.ts';
import type {
  StackDocument,
  StackMounted,
  StackResource,
  StackService,
} from '../../config/stack-document.ts';
import { STACK_NAMESPACE } from '../labels.ts';
import { scopedName } from './scoped-name.ts';

const READABLE = 0o444;

/**
 * In the order of the file, which Docker keeps: another order is another spec, and restarts tasks. Swarm keeps no
 * `consistency`: a plan that had it would never be empty.
 */
export function planMounts(stack: string, document: StackDocument, { volumes = [] }: StackService) {
  return volumes.map((mount) => ({
    Type: mount.type,
    Source:
      mount.type === 'volume' && mount.source
        ? scopedName(stack, document.volumes?.[mount.source], mount.source)
        : (mount.source ?? ''),
    Target: mount.target,
    ReadOnly: mount.read_only,
    ...(mount.type === 'volume' && mount.source && { VolumeOptions: planVolume(stack, document, mount) }),
    ...(mount.bind && { BindOptions: { Propagation: mount.bind.propagation } }),
    ...(mount.tmpfs && { TmpfsOptions: { SizeBytes: mount.tmpfs.size } }),
  }));
}

function planVolume(stack: string, { volumes }: StackDocument, { source = '', volume }: Mount) {
  const declared = volumes?.[source];
  const options = { NoCopy: volume?.nocopy, Subpath: volume?.subpath };
  if (declared?.external) return options;
  return {
    ...options,
    Labels: { ...readPairs(declared?.labels), [STACK_NAMESPACE]: stack },
    ...((declared?.driver || declared?.driver_opts) && {
      DriverConfig: { Name: declared.driver, Options: readPairs(declared.driver_opts) },
    }),
  };
}

/** Secrets or configs as a service mounts them, sorted by their name in the cluster, as Docker's client does. */
export function planReferences(
  stack: string,
  mounted: readonly (string | StackMounted)[] = [],
  declared: Readonly<Record<string, StackResource | null>> = {},
) {
  return mounted
    .map((entry) => (typeof entry === 'string' ? { source: entry } : entry))
    .map(({ source = '', target, uid, gid, mode }: StackMounted) => ({
      name: scopedName(stack, declared[source], source),
      file: { Name: target ?? source, UID: uid ?? '0', GID: gid ?? '0', Mode: mode ?? READABLE },
    }))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

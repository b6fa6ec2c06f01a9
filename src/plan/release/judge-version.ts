import type { Path, Positions } from '../../config/positions.ts';
import type { Problem } from '../../config/problem.ts';
import type { StackDocument } from '../../config/stack-document.ts';
import { isMap } from '../../shared/is-map.ts';

/** Since which 3.x Docker's schema has a key, as far as that is not 3.0; `*` is any name. */
const SINCE: readonly (readonly [minor: number, ...paths: string[]])[] = [
  [1, 'secrets'],
  [2, 'services/*/ports', 'services/*/volumes', 'services/*/deploy/endpoint_mode', 'networks/*/attachable'],
  [
    3,
    'configs',
    'services/*/configs',
    'services/*/credential_spec',
    'services/*/deploy/placement/preferences',
  ],
  [4, 'services/*/deploy/update_config/order', 'services/*/healthcheck/start_period', 'volumes/*/name'],
  [5, 'configs/*/name', 'secrets/*/name', 'networks/*/name', 'services/*/isolation'],
  [5, 'services/*/deploy/resources/reservations/generic_resources'],
  [6, 'services/*/volumes/*/tmpfs/size'],
  [7, 'services/*/deploy/rollback_config', 'services/*/init'],
  [8, 'services/*/deploy/placement/max_replicas_per_node', 'services/*/credential_spec/config'],
  [8, 'secrets/*/driver', 'configs/*/template_driver', 'secrets/*/template_driver'],
  [9, 'services/*/deploy/resources/limits/pids'],
  [12, 'services/*/healthcheck/start_interval'],
  [13, 'services/*/oom_score_adj', 'services/*/networks/*/driver_opts'],
];

/** The manager's client holds the file against the version that it names, and refuses what is newer. */
export function judgeVersion(document: StackDocument, positions: Positions): readonly Problem[] {
  const version = document.version;
  if (typeof version !== 'string') return [];
  const [, minor = '0'] = version.split('.');
  const newer = SINCE.filter(([since]) => since > Number(minor));
  return newer.flatMap(([since, ...patterns]) =>
    patterns
      .flatMap((pattern) => find(document, pattern.split('/'), []))
      .map((path) => ({
        ...positions.locate(path),
        message: `${path.join('.')} is of version 3.${since}, and the file says ${version}: leave out version:`,
      })),
  );
}

function find(value: unknown, [key, ...rest]: readonly string[], path: Path): readonly Path[] {
  if (key === undefined) return [path];
  if (!isMap(value) && !Array.isArray(value)) return [];
  const entries = Object.entries(value).filter(([one]) => key === '*' || one === key);
  return entries.flatMap(([one, entry]) => find(entry, rest, [...path, one]));
}

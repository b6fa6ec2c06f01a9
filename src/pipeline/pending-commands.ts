import type { ClusterSettings } from '../config/settings.ts';
import type { Labels } from '../shared/service-spec.ts';
import { waitLimits } from './wait-limits.ts';

/** A command of a run that may be under way on a manager. */
export interface PendingCommand {
  /** The manager's. */
  readonly address: string;
  /** ISO 8601, by the clock of the run that began it: its script has killed it by then. */
  readonly until: string;
}

const LEFT = 'com.waggle.commands';
/** In addition to its own limit: the time until the script reaches the command. */
const BEFORE_MS = 60_000;

export function commandAt(
  address: string,
  settings: Pick<ClusterSettings, 'DEPLOY_TIMEOUT' | 'PROGRESS_DEADLINE'>,
): PendingCommand {
  const { timeoutMs } = waitLimits(settings);
  return { address, until: new Date(Date.now() + timeoutMs + BEFORE_MS).toISOString() };
}

export function renderPending(commands: readonly PendingCommand[]): Labels {
  if (commands.length === 0) return {};
  return { [LEFT]: commands.map(({ address, until }) => `${address} ${until}`).join(',') };
}

export function parsePending(labels: Labels): readonly PendingCommand[] {
  return (labels[LEFT] ?? '').split(',').flatMap((line) => {
    const [address = '', until = ''] = line.split(' ');
    return address ? [{ address, until }] : [];
  });
}

export function withoutPending({ [LEFT]: _, ...labels }: Labels): Labels {
  return labels;
}

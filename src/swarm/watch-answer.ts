import type { ClientRequest } from 'node:http';

export interface SilenceLimits {
  /** Docker bounds by 20 s what it asks of the other managers, so an answer takes no longer. */
  readonly silentMs: number;
  /** For an answer that was on its way. */
  readonly graceMs: number;
}

export const SILENCE: SilenceLimits = { silentMs: 22_000, graceMs: 3_000 };

/** Docker answers these when something happens, or asks a registry or another node first: they have limits of their own. */
const MAY_TAKE_LONG = /^\/(distribution\/|auth\b|events\b)|\/(logs|attach|start|wait)(\?|$)/;

/**
 * Calls `leave` when a request was sent and Docker says nothing. `probe` asks whether the connection still carries
 * anything: on a slow one, an upload may be in front of the answer.
 */
export function watchAnswer(
  request: ClientRequest,
  { silentMs, graceMs }: SilenceLimits,
  probe: () => Promise<unknown>,
  leave: () => void,
): void {
  if (MAY_TAKE_LONG.test(request.path)) return;
  let timer: NodeJS.Timeout | undefined;
  const wait = (ms: number, then: () => void) => {
    clearTimeout(timer);
    timer = setTimeout(then, ms);
  };
  const judge = async () => {
    const before = timer;
    await probe().catch(() => {});
    if (timer === before) wait(graceMs, leave);
  };
  const restart = () => wait(silentMs, () => void judge());
  request.once('finish', restart);
  request.once('response', (incoming) => incoming.on('data', restart));
  request.once('close', () => {
    clearTimeout(timer);
    timer = undefined;
  });
}

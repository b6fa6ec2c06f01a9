import { setTimeout as sleep } from 'node:timers/promises';
import { type Address, Redis } from './redis.ts';
import type { Reply } from './resp.ts';

const POLL_SECONDS = 5;
const CONNECT_MS = 2000;
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5000;

export interface JobEvents {
  job(payload: string): void;
  /** Once per outage, with the reason. */
  away(reason: string): void;
}

/** Takes jobs one at a time until it is stopped; a Redis that is away is waited for, ever more patiently. */
export async function takeJobs(address: Address, events: JobEvents, signal: AbortSignal): Promise<void> {
  let failures = 0;
  const onReply = (reply: Reply) => {
    failures = 0;
    // The list's name and the job; null when none came in time.
    if (Array.isArray(reply)) events.job(String(reply[1]));
  };
  while (!signal.aborted) {
    const reason = await pollWhileConnected(address, onReply, signal).catch(reasonOf);
    if (signal.aborted) return;
    if (failures === 0) events.away(reason);
    await sleep(waitAfter(failures++), undefined, { signal }).catch(() => {});
  }
}

async function pollWhileConnected(
  address: Address,
  onReply: (reply: Reply) => void,
  signal: AbortSignal,
): Promise<never> {
  const redis = await Redis.connect(address, CONNECT_MS, signal);
  try {
    for (;;) onReply(await redis.ask(['BLPOP', 'jobs', String(POLL_SECONDS)], (POLL_SECONDS + 2) * 1000));
  } finally {
    redis.close();
  }
}

export function waitAfter(failures: number): number {
  return Math.min(FIRST_WAIT_MS * 2 ** failures, LONGEST_WAIT_MS);
}

/** Several addresses of one name fail as an AggregateError, whose own message is empty. */
function reasonOf(error: Error & { code?: string }): string {
  return error.message || error.code || error.name;
}

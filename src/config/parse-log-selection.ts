import { DeployError } from '../shared/errors.ts';
import type { LogOptions } from '../shared/service-log.ts';
import { parseDuration } from './parse-units.ts';

/** What the command line asks for. */
export interface LogSelection {
  readonly follow: boolean;
  /** `10m`, or a time. */
  readonly since: string | undefined;
  /** Lines of each task: a number, or `all`. */
  readonly tail: string | undefined;
}

/** Without a `since`, so many of the last lines of each task. */
const TAIL = 100;

/** Throws USAGE for what is no time and no number. `now` in ms since 1970. */
export function parseLogSelection({ follow, since, tail }: LogSelection, now: number): LogOptions {
  const from = since === undefined ? 0 : parseSince(since, now);
  if (from === undefined)
    throw new DeployError('USAGE', `--since must be a duration or a time, not "${since}"`, {
      hint: '10m, 2h, 3d, or 2026-11-22T04:00:00Z',
    });
  if (tail !== undefined && !/^\d+$/.test(tail) && tail !== 'all')
    throw new DeployError('USAGE', `--tail must be a number or "all", not "${tail}"`, {
      hint: '--tail=200, or --tail=all',
    });
  const lines = tail === 'all' || (tail === undefined && since !== undefined) ? 'all' : Number(tail ?? TAIL);
  return { follow, since: Math.floor(from / 1000), tail: lines };
}

/** Throws USAGE for what is not a regular expression; undefined: every line is wanted. */
export function parsePattern(grep: string | undefined): (text: string) => boolean {
  if (grep === undefined) return () => true;
  try {
    const pattern = new RegExp(grep);
    return (text) => pattern.test(text);
  } catch (error) {
    throw new DeployError('USAGE', `--grep=${grep} is not a regular expression`, {
      details: [(error as Error).message],
      hint: 'put a \\ before each of ( ) [ ] { } . * + ? that is meant as it is',
    });
  }
}

/** `10m`, `2h30m`, `3d` before `now`, or a time: in ms since 1970; undefined when it is neither. */
function parseSince(text: string, now: number): number | undefined {
  const [, days] = /^(\d+)d$/.exec(text) ?? [];
  const ago = days === undefined ? parseDuration(text) : Number(days) * 86_400e9;
  if (ago !== undefined) return now - ago / 1e6;
  // `5` would be a month to Date.
  const time = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}

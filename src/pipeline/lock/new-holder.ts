import { randomBytes } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import type { Holder } from '../../plan/records/lock.ts';
import { showControls } from '../../shared/show-controls.ts';

type Environment = Readonly<Record<string, string>>;

/** Of this run. */
export function newHolder(environment: Environment, what: string, isPerson = false): Holder {
  const id = randomBytes(4).toString('hex');
  return { id, who: showControls(readWho(environment)), since: new Date().toISOString(), what, isPerson };
}

/** Who runs this, for others to read: where to look at the CI run, or user and machine. */
function readWho(environment: Environment): string {
  const { GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID, CI_JOB_URL, BUILD_URL } = environment;
  if (GITHUB_RUN_ID) return `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}`;
  return CI_JOB_URL || BUILD_URL || `${environment.USER || readUser()}@${hostname()}`;
}

/** A container's user may have no name. */
function readUser(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'somebody');
  }
}

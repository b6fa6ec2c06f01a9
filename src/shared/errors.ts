/**
 * Every way a run can fail, and its exit status. The key is the code, so the two cannot drift.
 * 0 is success and 2 stays free for `plan --detailed-exitcode`. docs/reference/exit-codes.md explains each.
 */
export const FAILURES = {
  CONFIG_INVALID: 3,
  UNREACHABLE: 4,
  REGISTRY_REFUSED: 5,
  BUILD_FAILED: 6,
  PREFLIGHT_FAILED: 7,
  DEPLOY_FAILED: 8,
  NOT_CONVERGED: 9,
  UNHEALTHY: 10,
  RESTORE_FAILED: 11,
  PLAN_STALE: 12,
  RESTORE_UNHEALTHY: 13,
  HEALTH_UNKNOWN: 14,
  HOOK_FAILED: 15,
  LOCKED: 16,
  LOCK_LOST: 17,
  INTERRUPTED: 18,
  AUDIT_FAILED: 19,
  DRIFTED: 20,
  WRONG_STACK: 21,
  WRONG_CLUSTER: 22,
  USAGE: 64,
  INTERNAL: 70,
  CANCELLED: 130,
} as const;

export type FailureCode = keyof typeof FAILURES;

export interface FailureDetails {
  /** What the operator should do next, in one sentence. */
  readonly hint?: string;
  /** What was seen: problems with file and line, task errors, log lines. Printed below the message. */
  readonly details?: readonly string[];
  readonly cause?: unknown;
}

/** A problem of the operator's, told in full: what was attempted, on what, and what to do. Anything else is a bug. */
export class DeployError extends Error {
  readonly code: FailureCode;
  readonly hint: string | undefined;
  readonly details: readonly string[];

  constructor(code: FailureCode, message: string, { hint, details = [], cause }: FailureDetails = {}) {
    super(message, { cause });
    this.name = 'DeployError';
    this.code = code;
    this.hint = hint;
    this.details = details;
  }
}

/** A connection that was there ended before an answer came: nobody knows whether what was asked for was done. */
export class ConnectionLost extends DeployError {
  constructor(message: string, details?: FailureDetails) {
    super('UNREACHABLE', message, details);
    this.name = 'ConnectionLost';
  }
}

/** The code of a thrown value: everything but a DeployError is a bug. */
export function codeOf(thrown: unknown): FailureCode {
  return thrown instanceof DeployError ? thrown.code : 'INTERNAL';
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

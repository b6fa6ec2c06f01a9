import type { FailureCode } from './errors.ts';

interface FailureGuide {
  readonly meaning: string;
  /** What the cluster runs afterwards. */
  readonly stack: string;
  readonly next: string;
}

/** The text of docs/reference/exit-codes.md for each failure. */
export const FAILURE_GUIDE: Readonly<Record<FailureCode, FailureGuide>> = {
  CONFIG_INVALID: {
    meaning: 'files or settings are wrong',
    stack: 'unchanged',
    next: 'correct each line that Waggle prints; `waggle deploy --dry-run` checks again without a network',
  },
  UNREACHABLE: {
    meaning: 'Waggle could not connect to a manager, or lost the connection',
    stack: 'unchanged; after a lost connection see `waggle status`',
    next: 'run `waggle doctor`, then deploy again',
  },
  REGISTRY_REFUSED: {
    meaning: 'the registry refused the login, or lacks an image',
    stack: 'unchanged',
    next: 'check the token and the tag with `waggle doctor`',
  },
  BUILD_FAILED: {
    meaning: 'an image could not be built or pushed',
    stack: 'unchanged',
    next: "read the builder's lines; `waggle build` builds again without a deploy",
  },
  PREFLIGHT_FAILED: {
    meaning: 'a check before the first change failed',
    stack: 'unchanged',
    next: 'follow the hint of each check, then deploy again',
  },
  DEPLOY_FAILED: {
    meaning: 'the manager refused the deploy, or a service differs from the plan',
    stack: 'restored',
    next: "read the manager's message, then deploy again",
  },
  NOT_CONVERGED: {
    meaning: 'the tasks of the new version do not start, or do not stay up',
    stack: 'restored',
    next: 'read the cause and the log lines, or `waggle report`; correct the version and deploy again',
  },
  UNHEALTHY: {
    meaning: 'the new version runs, but its health check fails',
    stack: 'restored',
    next: 'read the answer; check the URL, or raise `DEPLOY_HEALTHCHECK_ATTEMPTS`',
  },
  RESTORE_FAILED: {
    meaning: 'the run failed, and Waggle could not restore the whole stack',
    stack: 'partly restored',
    next: 'act now: follow the lines of the error, then `waggle deploy --on-interrupted=rollback`',
  },
  PLAN_STALE: {
    meaning: 'the saved plan is out of date',
    stack: 'unchanged',
    next: 'make a new plan, and read what changed',
  },
  RESTORE_UNHEALTHY: {
    meaning: 'the run failed, and the restored stack fails its health check',
    stack: 'restored, but not healthy',
    next: 'act now: the cause is outside of the release, such as a database, a network or a certificate',
  },
  HEALTH_UNKNOWN: {
    meaning: 'the new version runs, but Waggle could not probe its health',
    stack: 'new version; restored with `ON_INCONCLUSIVE=restore`',
    next: 'check the new version by other means; if it is bad, `waggle rollback`',
  },
  HOOK_FAILED: {
    meaning: 'a hook before the first change failed',
    stack: 'unchanged',
    next: 'read the output of the hook',
  },
  LOCKED: {
    meaning: 'another run or a person holds the lock of the stack',
    stack: 'unchanged by this run',
    next: 'find the holder with `waggle status`; use `--wait`, or `waggle unlock <id>` if the holder is gone',
  },
  LOCK_LOST: {
    meaning: 'this run lost the lock, and changed nothing afterwards',
    stack: 'in the hands of the new holder',
    next: 'wait for the holder that `waggle status` shows',
  },
  INTERRUPTED: {
    meaning: 'an earlier run was interrupted, and `--on-interrupted` is not set',
    stack: 'unchanged by this run',
    next: 'choose `--on-interrupted=resume`, `rollback` or `adopt`',
  },
  AUDIT_FAILED: {
    meaning: 'a release record was changed or removed, or cannot be read',
    stack: 'unchanged',
    next: 'find out who writes to the cluster; the error names each record and the command that removes it',
  },
  DRIFTED: {
    meaning: 'the stack has drift, and `--on-drift=stop` is set',
    stack: 'unchanged',
    next: 'read `waggle status`, then use `--on-drift=overwrite` or `adopt`',
  },
  WRONG_STACK: {
    meaning: 'another project deployed this stack, or the deploy would remove every service',
    stack: 'unchanged',
    next: 'use the checkout of that project, or another `STACK_NAME`; to replace the stack, `--allow-replace`',
  },
  WRONG_CLUSTER: {
    meaning: 'a manager belongs to another cluster than expected',
    stack: 'unchanged',
    next: 'correct `DEPLOY_MANAGER_HOST` with the help of `waggle doctor`, or use `--allow-new-cluster`',
  },
  USAGE: { meaning: 'the command line is wrong', stack: 'unchanged', next: 'run `waggle help`' },
  INTERNAL: {
    meaning: 'a bug in Waggle',
    stack: 'unknown',
    next: 'run `waggle status`, and report the bug with its output',
  },
  CANCELLED: {
    meaning: 'Ctrl-C or SIGTERM stopped the run',
    stack: 'restored',
    next: 'deploy again when you are ready',
  },
};

import { type HealthCheck, VERSION } from '../../config/parse-health.ts';
import { requireHealthy } from '../../health/gate.ts';
import { checkStack, type InnerCheck, innerChecks, planCheck } from '../../plan/plan-checks.ts';
import type { Release } from '../../plan/release/release.ts';
import { settleAll } from '../../shared/settle-all.ts';
import { checkInside } from '../../swarm/check-inside.ts';
import type { RestoreContext, Step } from '../step.ts';
import { waitLimits } from '../wait-limits.ts';
import { whileWatched } from '../while-watched.ts';
import { requireUnchanged } from './verify-services.ts';

/** All that is asked, in the words of the operator's own files. */
interface Questions {
  readonly urls: readonly HealthCheck[];
  readonly inner: readonly InnerCheck[];
}

export const checkHealth: Step = {
  name: 'check health',
  describe(release) {
    const { urls, inner } = questionsOf(release);
    return [
      ...urls.map(({ url, status }) => `${url} answers ${status ?? '2xx'}`),
      ...inner.map(({ service }) => `the check of ${service} succeeds, in a task of its own`),
      'no task of the release ends meanwhile',
    ];
  },
  async run(deployment) {
    const { urls, inner } = questionsOf(deployment.release);
    if (urls.length + inner.length === 0)
      deployment.tools.log.info(
        'no health check is set: Waggle only sees that the tasks run (DEPLOY_HEALTHCHECK_URL)',
      );
    await whileWatched(deployment, async (watched) => {
      const { tag, settings } = watched.release;
      await requireAll(watched, tag, settings.DEPLOY_HEALTHCHECK_BAKE * 1000);
      await requireUnchanged(watched);
    });
    return undefined;
  },
};

/** Checks the restored version once: a bake would delay the news of the failure. `undefined`: checks that need the version are left out. */
export const requireHealthBefore = (deployment: RestoreContext, version: string | undefined): Promise<void> =>
  requireAll(deployment, version, 0);

function questionsOf({ settings, document }: Release): Questions {
  if (settings.SKIP_HEALTHCHECK) return { urls: [], inner: [] };
  return { urls: settings.DEPLOY_HEALTHCHECK_URL, inner: innerChecks(document) };
}

/** Whose version is not known cannot be asked for it. */
function fillIn(inner: readonly InnerCheck[], version: string | undefined): readonly InnerCheck[] {
  if (version === undefined)
    return inner.filter(({ command }) => !command.some((part) => part.includes(VERSION)));
  return inner.map((check) => ({
    ...check,
    command: check.command.map((part) => part.replaceAll(VERSION, () => version)),
  }));
}

async function requireAll(
  deployment: RestoreContext,
  version: string | undefined,
  bakeMs: number,
): Promise<void> {
  const { urls, inner: named } = questionsOf(deployment.release);
  const inner = fillIn(named, version);
  const { settings } = deployment.release;
  const gate = {
    successes: settings.DEPLOY_HEALTHCHECK_SUCCESSES,
    attempts: settings.DEPLOY_HEALTHCHECK_ATTEMPTS,
    timeoutMs: settings.DEPLOY_HEALTHCHECK_TIMEOUT * 1000,
    bakeMs,
    budget: settings.DEPLOY_HEALTHCHECK_BUDGET,
    version,
  };
  const asking = [
    ...urls.map((check) => requireHealthy(check, gate, deployment.tools)),
    ...(inner.length > 0 ? [requireInner(deployment, inner, gate.timeoutMs * gate.attempts)] : []),
  ];
  const answers = await Promise.allSettled(asking);
  const failures = answers.filter((answer) => answer.status === 'rejected').map(({ reason }) => reason);
  const isUnknown = failures.every(({ code }) => code === 'HEALTH_UNKNOWN');
  await settleAll(asking, isUnknown ? 'HEALTH_UNKNOWN' : 'UNHEALTHY');
}

/** Of services that are there: one that a release brought is gone again when the one before is asked. */
async function requireInner(
  { release, tools }: RestoreContext,
  inner: readonly InnerCheck[],
  runMs: number,
): Promise<void> {
  const { stack, settings } = release;
  const live = await tools.swarm.readServices(stack);
  const checks = inner.flatMap((check) => {
    const service = live.find(({ name }) => name === `${stack}_${check.service}`);
    return service ? [planCheck(stack, check, service.spec)] : [];
  });
  await checkInside({ ...tools, ...waitLimits(settings), stack: checkStack(stack), checks, runMs });
}

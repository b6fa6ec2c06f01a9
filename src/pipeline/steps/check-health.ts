import type { HealthCheck } from '../../config/parse-health.ts';
import { requireHealthy } from '../../health/gate.ts';
import { checkStack, type InnerCheck, innerChecks, planCheck } from '../../plan/plan-checks.ts';
import type { Release } from '../../plan/release/release.ts';
import { allOf } from '../../shared/all-of.ts';
import { checkInside } from '../../swarm/check-inside.ts';
import { patienceOf } from '../patience.ts';
import type { Restoring, Step } from '../step.ts';

const VERSION = '{{version}}';

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
      ...inner.map(({ service }) => `the check of ${service} ends well, in a task beside it`),
    ];
  },
  async run(deployment) {
    const { urls, inner } = questionsOf(deployment.release);
    const version = (text: string) => text.replaceAll(VERSION, deployment.release.tag);
    await requireAll(deployment, {
      urls: urls.map((check) => ({
        ...check,
        body: check.body.map(version),
        headers: mapHeaders(check, ([name, text]) => [[name, version(text)]]),
      })),
      inner: inner.map((check) => ({ ...check, command: check.command.map(version) })),
    });
    return undefined;
  },
};

/** The version before answers as well as it can be asked to: its own number is not known. */
export async function requireHealthBefore(deployment: Restoring): Promise<void> {
  const { urls, inner } = questionsOf(deployment.release);
  const isOld = (text: string) => !text.includes(VERSION);
  await requireAll(deployment, {
    urls: urls.map((check) => ({
      ...check,
      body: check.body.filter(isOld),
      headers: mapHeaders(check, (header) => (isOld(header[1]) ? [header] : [])),
    })),
    inner: inner.filter(({ command }) => command.every(isOld)),
  });
}

function questionsOf({ settings, document }: Release): Questions {
  if (settings.SKIP_HEALTHCHECK) return { urls: [], inner: [] };
  return { urls: settings.DEPLOY_HEALTHCHECK_URL, inner: innerChecks(document) };
}

function mapHeaders(
  { headers }: HealthCheck,
  map: (header: [string, string]) => readonly [string, string][],
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).flatMap(map));
}

async function requireAll(deployment: Restoring, { urls, inner }: Questions): Promise<void> {
  const { settings } = deployment.release;
  const gate = {
    successes: settings.DEPLOY_HEALTHCHECK_SUCCESSES,
    attempts: settings.DEPLOY_HEALTHCHECK_ATTEMPTS,
    timeoutMs: settings.DEPLOY_HEALTHCHECK_TIMEOUT * 1000,
    bakeMs: settings.DEPLOY_HEALTHCHECK_BAKE * 1000,
    budget: settings.DEPLOY_HEALTHCHECK_BUDGET,
  };
  const asking = [
    ...urls.map((check) => requireHealthy(check, gate, deployment.tools)),
    ...(inner.length > 0 ? [requireInner(deployment, inner)] : []),
  ];
  const answers = await Promise.allSettled(asking);
  const failures = answers.filter((answer) => answer.status === 'rejected').map(({ reason }) => reason);
  const isUnknown = failures.every(({ code }) => code === 'HEALTH_UNKNOWN');
  await allOf(asking, isUnknown ? 'HEALTH_UNKNOWN' : 'UNHEALTHY');
}

/** Of services that are there: one that a release brought is gone again when the one before is asked. */
async function requireInner({ release, tools }: Restoring, inner: readonly InnerCheck[]): Promise<void> {
  const { stack, settings } = release;
  const live = await tools.swarm.readServices(stack);
  const checks = inner.flatMap((check) => {
    const service = live.find(({ name }) => name === `${stack}_${check.service}`);
    return service ? [planCheck(stack, check, service.spec)] : [];
  });
  await checkInside({ ...tools, ...patienceOf(settings), stack: checkStack(stack), checks });
}

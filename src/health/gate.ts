import { setTimeout as sleep } from 'node:timers/promises';
import type { HealthCheck } from '../config/parse-health.ts';
import { DeployError } from '../shared/errors.ts';
import type { Log } from '../shared/log.ts';
import { type AskOptions, ask } from './ask.ts';
import type { Answer } from './explain-no-answer.ts';
import { findExpiry } from './find-expiry.ts';

export interface HealthGate extends AskOptions {
  /** Good answers in a row that are wanted, and the most questions that are asked for them. */
  readonly successes: number;
  readonly attempts: number;
  /** How long the URL is probed after that, and the number of bad answers tolerated. */
  readonly bakeMs: number;
  readonly budget: number;
}

const PAUSE_MS = 2_000;
const SHORT_PAUSE_MS = 500;
/** While it is watched. */
const TIMES_TOLD = 10;

/** Throws UNHEALTHY when the URL does not answer as it should, HEALTH_UNKNOWN when it could not be asked and never gave a bad answer. */
export async function requireHealthy(
  check: HealthCheck,
  gate: HealthGate,
  { log, signal }: { readonly log: Log; readonly signal: AbortSignal },
): Promise<void> {
  await becomeHealthy(check, gate, log, signal);
  const warning = await findExpiry(check.url, gate.timeoutMs);
  if (warning) log.warn(warning);
  if (gate.bakeMs > 0) await stayHealthy(check, gate, log, signal);
}

async function becomeHealthy(
  check: HealthCheck,
  gate: HealthGate,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  const { successes, attempts } = gate;
  let inARow = 0;
  const seen: Answer[] = [];
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const answer = await ask(check, gate, signal);
    signal.throwIfAborted();
    seen.push(answer);
    inARow = answer.kind === 'well' ? inARow + 1 : 0;
    const note = answer.kind === 'well' ? 'answers well' : answer.why;
    const progress = { part: check.url, done: inARow, of: successes, note };
    log.info(progress, `${check.url}, attempt ${attempt} of ${attempts}: ${note}`);
    if (inARow === successes) return;
    if (attempt < attempts) await sleep(inARow > 0 ? SHORT_PAUSE_MS : PAUSE_MS, undefined, { signal });
  }
  throw judgeSeen(check, gate, seen);
}

function judgeSeen(
  { url }: HealthCheck,
  { successes, attempts }: HealthGate,
  seen: readonly Answer[],
): DeployError {
  const isOf = (wanted: Answer['kind']) => seen.some(({ kind }) => kind === wanted);
  const last = seen.findLast((answer) => answer.kind !== 'well');
  const why = last && 'why' in last ? last.why : `it did not answer well ${successes} times in a row`;
  if (isOf('unasked') && !isOf('ill'))
    return unknown(`${url} could not be asked: ${why} (${attempts} attempts)`);
  return new DeployError('UNHEALTHY', `${url} is not healthy: ${why} (${attempts} attempts)`, {
    hint: 'all tasks run, but the new version does not answer as it should',
  });
}

const unknown = (what: string) =>
  new DeployError('HEALTH_UNKNOWN', what, {
    hint: 'all tasks run: look at the new version by other means, and at the network of this machine',
  });

async function stayHealthy(
  check: HealthCheck,
  gate: HealthGate,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  const { bakeMs, budget } = gate;
  const began = performance.now();
  let bad = 0;
  let tellAt = 0;
  let asked = 0;
  const unasked: string[] = [];
  for (let passed = 0; passed < bakeMs; passed = performance.now() - began) {
    if (passed >= tellAt) {
      tellBake(check, gate, { passed, bad }, log);
      tellAt += bakeMs / TIMES_TOLD;
    }
    await sleep(SHORT_PAUSE_MS, undefined, { signal });
    const answer = await ask(check, gate, signal);
    signal.throwIfAborted();
    if (answer.kind === 'unasked') unasked.push(answer.why);
    else asked++;
    if (answer.kind !== 'ill') continue;
    bad++;
    log.info(`${check.url}: ${answer.why}`);
    if (bad > budget)
      throw new DeployError('UNHEALTHY', `${check.url} did not stay healthy: ${answer.why}`, {
        hint: `${bad} bad answers while it was watched, ${budget} were allowed (DEPLOY_HEALTHCHECK_BUDGET)`,
      });
  }
  if (unasked.length > asked)
    throw unknown(
      `${check.url} could not be watched: ${unasked.at(-1)} (${unasked.length} of ${unasked.length + asked} requests)`,
    );
}

/** It counts the seconds of the watch, the one that runs among them. */
function tellBake(
  { url }: HealthCheck,
  { bakeMs, budget }: HealthGate,
  { passed, bad }: { readonly passed: number; readonly bad: number },
  log: Log,
): void {
  const [done, of] = [Math.floor(passed / 1000) + 1, Math.ceil(bakeMs / 1000)];
  const note = `${bad} of ${budget} bad answers`;
  log.info({ part: `${url}, watched`, done, of, note }, `${url}, watched, second ${done} of ${of}: ${note}`);
}

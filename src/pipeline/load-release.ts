import type { Inputs } from '../config/inputs.ts';
import { type Reading, readInputs } from '../config/read-inputs.ts';
import { readMore } from '../config/read-more.ts';
import { runRules } from '../lint/rules.ts';
import type { Draft, Values } from '../plan/release/draft.ts';
import { findHidden, publicNames } from '../plan/release/find-hidden.ts';
import { planDraft } from '../plan/release/plan-draft.ts';
import { planRelease, planSound } from '../plan/release/plan-release.ts';
import type { Release } from '../plan/release/release.ts';
import { readValues } from '../secrets/read-values.ts';
import { findOrigins } from '../secrets/sources.ts';
import type { Secrecy } from '../shared/mask.ts';
import { localShell } from '../shared/shell.ts';

export interface Loading extends Reading {
  /** Learns every value before anything is said of it. */
  readonly secrecy: Pick<Secrecy, 'learn'>;
  /** Only what this machine holds: no program that might ask somebody is run. `undefined`: as DRY_RUN says. */
  readonly isOffline: boolean | undefined;
  /** A saved plan is applied under the time and tag that it was made with. */
  readonly as?: { readonly now: Date; readonly tag: string } | undefined;
}

/** Reads what the stack files extend and include, until they name no other file. */
async function readNamed(first: Draft, plan: (inputs: Inputs) => Draft): Promise<Draft> {
  let draft = first;
  while (draft.wanted.length > 0) draft = plan(await readMore(draft.inputs, draft.wanted));
  return draft;
}

export interface Loaded {
  readonly draft: Draft;
  readonly values: Values;
  readonly release: Release;
}

/** Reads, plans as far as texts allow, reads what they name, and holds it all against every rule. */
export async function loadRelease(loading: Loading): Promise<Release> {
  return (await loadWhole(loading)).release;
}

/** The same, with what the release is made of. */
export async function loadWhole(loading: Loading): Promise<Loaded> {
  const read = await readInputs(loading);
  const inputs: Inputs = loading.as
    ? { ...read, now: loading.as.now, environment: { ...read.environment, DEPLOY_TAG: loading.as.tag } }
    : read;
  const { origins, problems } = findOrigins(inputs, localShell);
  const keys = origins.map(({ key }) => key);
  const draft = await readNamed(planDraft(inputs, keys), (more) => planDraft(more, keys));
  const isOffline = loading.isOffline ?? draft.settings.cluster?.DRY_RUN ?? false;
  const values = await readValues(draft, origins, { isOffline });
  const told = { ...values, problems: [...problems, ...values.problems] };
  const sound = planSound(draft, told);
  loading.secrecy.learn(findHidden(draft, told, sound), publicNames(draft, sound));
  const findings = [...draft.findings, ...runRules({ draft, values: told, document: sound.document })];
  const kept = findings.filter((finding) => !draft.isIgnored(finding));
  return { draft, values: told, release: planRelease(draft, told, sound, kept) };
}

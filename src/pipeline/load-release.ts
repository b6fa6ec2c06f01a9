import { type Filled, fillOffline } from '../config/fill-offline.ts';
import type { Inputs } from '../config/inputs.ts';
import { type InputOptions, readInputs } from '../config/read-inputs.ts';
import { readMore } from '../config/read-more.ts';
import { runRules } from '../lint/rules.ts';
import type { Draft, Values } from '../plan/release/draft.ts';
import { findHidden, publicNames } from '../plan/release/find-hidden.ts';
import { planDraft } from '../plan/release/plan-draft.ts';
import { planRelease, planValidStack } from '../plan/release/plan-release.ts';
import type { Release } from '../plan/release/release.ts';
import { readValues } from '../secrets/read-values.ts';
import { findOrigins } from '../secrets/sources.ts';
import type { Secrecy } from '../shared/mask.ts';
import { localShell } from '../shared/shell.ts';

export interface LoadOptions extends InputOptions {
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

export interface LoadedRelease {
  readonly draft: Draft;
  readonly values: Values;
  readonly release: Release;
  /** Warns of settings that are not filled in, where that is not an error. */
  readonly unfilled: readonly string[];
}

/** Reads, plans as far as texts allow, reads what they name, and holds it all against every rule. */
export async function loadRelease(loading: LoadOptions): Promise<Release> {
  return (await loadWithDraft(loading)).release;
}

/** The same, with what the release is made of. */
export async function loadWithDraft(loading: LoadOptions): Promise<LoadedRelease> {
  const { draft, values, sound, findings, unfilled } = await loadJudged(loading);
  const release = planRelease(draft, values, sound, findings);
  return { draft, values, release: { ...release, warnings: [...unfilled, ...release.warnings] }, unfilled };
}

/** Everything but the release, which may not come about. */
export async function loadJudged(loading: LoadOptions) {
  const { inputs, unfilled } = await readFilled(loading);
  const { origins, problems } = findOrigins(inputs, localShell);
  const keys = origins.map(({ key }) => key);
  const draft = await readNamed(planDraft(inputs, keys), (more) => planDraft(more, keys));
  const isOffline = loading.isOffline ?? draft.settings.cluster?.DRY_RUN ?? false;
  const values = await readValues(draft, origins, { isOffline });
  const { objects, examples } = isLook(loading) ? leaveOutExamples(values) : { ...values, examples: [] };
  const told = { ...values, objects, problems: [...problems, ...values.problems] };
  const sound = planValidStack(draft, told);
  loading.secrecy.learn(findHidden(draft, told, sound), publicNames(draft, sound));
  const findings = [...draft.findings, ...runRules({ draft, values: told, document: sound.document })];
  const kept = findings.filter((finding) => !draft.isIgnored(finding));
  const said = describeUnfilled([...unfilled, ...examples]);
  return { draft, values: told, sound, findings: kept, unfilled: said };
}

/** Who asks nobody needs no server yet: settings that only a connection needs may be empty. */
async function readFilled(loading: LoadOptions): Promise<Filled> {
  const read = await readInputs(loading);
  const { as } = loading;
  const inputs = as
    ? { ...read, now: as.now, environment: { ...read.environment, DEPLOY_TAG: as.tag } }
    : read;
  return isLook(loading) ? fillOffline(inputs) : { inputs, unfilled: [] };
}

/** Who has examples copied is about to fill them in. */
const isLook = ({ isOffline, copyExamples }: LoadOptions) => isOffline === true && !copyExamples;

/** A secret that still holds its example counts as one that has no value here. */
function leaveOutExamples({ objects }: Values) {
  const all = Object.entries(objects);
  return {
    objects: Object.fromEntries(all.filter(([, { isExample }]) => !isExample)),
    examples: all.flatMap(([, { isExample, file, from }]) => (isExample ? [file ?? from] : [])),
  };
}

const describeUnfilled = (unfilled: readonly string[]) =>
  unfilled.length > 0
    ? [`not filled in yet, and not needed to look at the stack: ${unfilled.join(', ')}`]
    : [];

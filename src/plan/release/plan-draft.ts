import { join } from 'node:path';
import { expandDocument, translateDocument } from '../../config/compose/translate-document.ts';
import { fitDocument } from '../../config/fit-document.ts';
import { type Inputs, textOf } from '../../config/inputs.ts';
import type { Dollar, Lookup } from '../../config/interpolate.ts';
import { mergeStacks, withoutResets } from '../../config/merge-stack.ts';
import { type IsIgnored, parseIgnores } from '../../config/parse-ignores.ts';
import { parseStack } from '../../config/parse-stack.ts';
import { Positions } from '../../config/positions.ts';
import { isMap } from '../../shared/is-map.ts';
import { markVersion, planVariables, secretVariable } from '../variables.ts';
import type { Draft } from './draft.ts';
import { findBuildSecrets } from './plan-builds.ts';
import { planIncluded } from './plan-included.ts';
import { declareObjects } from './plan-objects.ts';
import { planSettings } from './plan-settings.ts';
import { objectId } from './release.ts';
import { planDeployId } from './release-name.ts';

type Map_ = Readonly<Record<string, unknown>>;

/** Plans as far as texts alone allow. `secretKeys` are those that a value can be had for. */
export function planDraft(inputs: Inputs, secretKeys: readonly string[]): Draft {
  const settings = planSettings(inputs);
  const stack = settings.cluster?.STACK_NAME ?? 'stack';
  const tag = settings.tag || (inputs.git.sha ?? '');
  const id = planDeployId(tag, inputs.now);
  const versions = secretKeys.map((key) => [
    secretVariable(key),
    markVersion(objectId({ kind: 'secret', key })),
  ]);
  // That there is no tag is one problem, not one of each image as well.
  const own = { STACK_NAME: stack, DEPLOY_TAG: tag || 'untagged', DEPLOY_ID: id };
  const computed = { ...Object.fromEntries(versions), ...own };
  const variables = planVariables(computed, inputs.environment, settings.envFiles);

  const isIgnored = parseIgnores(inputs);
  const isBuilt = !settings.cluster?.SKIP_BUILD;
  const fill = (filler: Filler) => planDocument(inputs, { stack, isIgnored, isBuilt }, filler);
  const filled = fill({ lookup: variables.lookup, dollar: '$' });
  const isSound = filled.problems.length + filled.misfits.length === 0;
  const { document: template } = fill({ lookup: variables.template, dollar: '$$', isSound });
  return { inputs, settings, stack, tag, id, variables, template, ...filled };
}

interface Filler {
  readonly lookup: Lookup;
  readonly dollar: Dollar;
  /** The files fit when they are filled with values: a name in place of a number is no misfit. */
  readonly isSound?: boolean;
}

interface DocumentScene {
  readonly stack: string;
  readonly isIgnored: IsIgnored;
  readonly isBuilt: boolean;
}

/** The stack files as one document in Docker's keys, filled by `filler`. */
function planDocument(inputs: Inputs, { stack, isIgnored, isBuilt }: DocumentScene, filler: Filler) {
  const { merged, positions, problems, misfits, findings } = planMerged(inputs, filler, isIgnored);
  const translated = translateDocument(merged, positions, stack);
  const { document: included, files } = planIncluded(translated.document, positions);
  const idle = isBuilt ? new Set<string>() : findBuildSecrets(included);
  const { document, objects } = declareObjects(included, positions, idle);
  return {
    document,
    positions,
    objects: objects.filter(
      (one, at) => objects.findIndex((other) => objectId(other) === objectId(one)) === at,
    ),
    included: files,
    problems,
    misfits: problems.length > 0 ? [] : misfits,
    // A document with holes in it would be judged wrongly.
    findings: problems.length > 0 ? [] : [...findings, ...translated.findings],
    isIgnored,
  };
}

/** The stack files, variables filled in, each held against Docker's schema and then laid over each other in order. */
function planMerged({ folder, stackFiles, texts }: Inputs, filler: Filler, isIgnored: IsIgnored) {
  const parts = stackFiles.map((file) =>
    planPart(join(folder, file), textOf(texts, file) ?? '', filler, isIgnored),
  );
  const findings = parts.flatMap((part) => part.findings);
  const misfits = parts.flatMap((part) => part.misfits);
  // What has the wrong shape cannot be laid over anything.
  const sound = filler.isSound || misfits.length === 0 ? parts : parts.slice(0, 1);
  const merged = sound.reduce((base, { document, marks }) => mergeStacks(base, document, marks), {} as Map_);
  const positions = sound.reduce((under, file) => under.under(file.positions), new Positions());
  const problems = parts.flatMap((part) => part.problems);
  const isEmpty =
    merged.services === undefined || (isMap(merged.services) && Object.keys(merged.services).length === 0);
  const empty = { file: join(folder, stackFiles[0] ?? ''), line: 1, message: 'has no services' };
  return {
    merged,
    positions,
    problems: problems.length === 0 && isEmpty ? [empty] : problems,
    misfits,
    findings,
  };
}

/** Docker's client looks at each file by itself, too: what is wrong in one is wrong though another overrides it. */
function planPart(file: string, text: string, { lookup, dollar }: Filler, isIgnored: IsIgnored) {
  const { document, marks, positions, problems } = parseStack(file, text, lookup, dollar);
  const expanded = expandDocument(withoutResets(document, marks), positions);
  const fitted = fitDocument(expanded.document, positions, { isPart: true });
  return {
    document: fitted.document as Map_,
    marks,
    positions,
    problems: problems.filter((problem) => !isIgnored(problem)),
    misfits: fitted.problems.filter((problem) => !isIgnored(problem)),
    findings: expanded.findings,
  };
}

import { join } from 'node:path';
import {
  findInactive,
  findProfiles,
  leaveOutInactive,
  type Profiles,
} from '../../config/compose/profiles.ts';
import { resolveStackFile } from '../../config/compose/resolve-files.ts';
import { Decisions, type FillOptions, StackFiles } from '../../config/compose/stack-files.ts';
import { translateDocument } from '../../config/compose/translate-document.ts';
import type { Inputs } from '../../config/inputs.ts';
import { mergeStacks } from '../../config/merge-stack.ts';
import { type IsIgnored, parseIgnores } from '../../config/parse-ignores.ts';
import { Positions } from '../../config/positions.ts';
import { type Problem, renderProblem } from '../../config/problem.ts';
import { isMap } from '../../shared/is-map.ts';
import { markVersion, planVariables, referTo, secretVariable } from '../variables.ts';
import type { Draft } from './draft.ts';
import { findBuildSecrets } from './plan-builds.ts';
import { planIncluded } from './plan-included.ts';
import { declareObjects } from './plan-objects.ts';
import { planSettings } from './plan-settings.ts';
import { objectId } from './release.ts';
import { planDeployId } from './release-name.ts';

type PlainMap = Readonly<Record<string, unknown>>;

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
  const context = { stack, isIgnored, isBuilt, active: settings.profiles, decisions: new Decisions() };
  const fill = (filler: FillOptions) => planDocument(inputs, context, filler);
  const filled = fill({ lookup: variables.lookup, dollar: '$', write: (_name, value) => value });
  const isSound = filled.problems.length + filled.misfits.length === 0;
  const named = { lookup: variables.template, dollar: '$$', write: writeName, isSound } as const;
  const { document: template } = fill(named);
  return { inputs, settings, stack, tag, id, variables, template, ...filled };
}

const writeName = (name: string, value: string) => (value === '' ? '' : referTo(name));

interface DocumentContext {
  readonly stack: string;
  readonly isIgnored: IsIgnored;
  readonly isBuilt: boolean;
  /** Profiles that are switched on. */
  readonly active: readonly string[];
  readonly decisions: Decisions;
}

/** The stack files as one document in Docker's keys, filled by `filler`. */
function planDocument(inputs: Inputs, context: DocumentContext, filler: FillOptions) {
  const { stack, isIgnored, isBuilt } = context;
  const { merged, positions, profiles, inactive, problems, misfits, findings, ...read } = planMerged(
    inputs,
    context,
    filler,
  );
  const translated = translateDocument(merged, positions, stack);
  const { document: included, files } = planIncluded(translated.document, positions);
  const idle = isBuilt ? new Set<string>() : findBuildSecrets(included);
  const { document, objects } = declareObjects(included, positions, idle);
  return {
    ...read,
    document,
    positions,
    profiles,
    inactive,
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

/**
 * The stack files with what they include and extend, each held against Docker's schema and then laid over each other in
 * order, without the services of inactive profiles. Docker's client looks at each file by itself, too: what is wrong in
 * one is wrong though another overrides it.
 */
function planMerged(inputs: Inputs, { isIgnored, active, decisions }: DocumentContext, filler: FillOptions) {
  const files = new StackFiles(inputs, filler, isIgnored, decisions);
  const parts = inputs.stackFiles.map((file) => resolveStackFile(files, file));
  const misfits = parts.flatMap((part) => part.misfits);
  // What has the wrong shape cannot be laid over anything.
  const sound = misfits.length === 0 ? parts : parts.slice(0, 1);
  const whole = sound.reduce(
    (base, { document, marks }) => mergeStacks(base, document, marks),
    {} as PlainMap,
  );
  const positions = sound.reduce((under, file) => under.under(file.positions), new Positions());
  const { profiles, problems } = findProfiles(whole, positions);
  const inactive = decisions.once('inactive', () => findInactive(profiles, active));
  const told = [...parts.flatMap((part) => part.problems), ...problems];
  return {
    merged: leaveOutInactive(whole, inactive),
    declared: inactive.size > 0 ? declareObjects(whole, positions, new Set()).objects : [],
    positions,
    profiles,
    inactive,
    wanted: [...files.wanted],
    told: files.told,
    problems: told.length === 0 ? judgeEmpty(inputs, whole, inactive) : withoutInactive(told, inactive),
    misfits: withoutInactive(misfits, inactive),
    findings: withoutInactive(
      parts.flatMap((part) => part.findings),
      inactive,
      true,
    ),
  };
}

/** Each once; of an inactive service only what compose refuses as well, or with `isAll` nothing. */
function withoutInactive<One extends Problem>(
  found: readonly One[],
  inactive: Profiles,
  isAll = false,
): readonly One[] {
  const told = found.filter(({ path: [section, name] = [], rule }) => {
    const isInactive = section === 'services' && inactive.has(String(name));
    return !isInactive || (!isAll && rule === undefined);
  });
  return [...new Map(told.map((one) => [renderProblem(one), one])).values()];
}

function judgeEmpty(
  { folder, stackFiles }: Inputs,
  { services }: PlainMap,
  inactive: Profiles,
): readonly Problem[] {
  const names = isMap(services) ? Object.keys(services) : [];
  const isEmpty = services === undefined || (isMap(services) && names.length === inactive.size);
  if (!isEmpty) return [];
  const file = join(folder, stackFiles[0] ?? '');
  const [known] = [...inactive.values()].flat();
  const message = known
    ? `has no active services: choose profiles, like PROFILES=${known}`
    : 'has no services';
  return [{ file, line: 1, message }];
}

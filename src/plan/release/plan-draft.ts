import { join } from 'node:path';
import { translateDocument } from '../../config/compose/translate-document.ts';
import type { Inputs } from '../../config/inputs.ts';
import type { Lookup } from '../../config/interpolate.ts';
import { mergeStacks } from '../../config/merge-stack.ts';
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
  const computed = { ...Object.fromEntries(versions), STACK_NAME: stack, DEPLOY_TAG: tag, DEPLOY_ID: id };
  const variables = planVariables(computed, inputs.environment, settings.envFiles);

  const { merged, positions, problems } = planMerged(inputs, variables.lookup);
  const translated = translateDocument(merged, positions);
  const { document: included, files } = planIncluded(translated.document, positions);
  const idle = settings.cluster?.SKIP_BUILD ? findBuildSecrets(included) : new Set<string>();
  const { document, objects } = declareObjects(included, positions, idle);
  return {
    inputs,
    settings,
    stack,
    tag,
    id,
    variables,
    document,
    positions,
    objects: objects.filter(
      (one, at) => objects.findIndex((other) => objectId(other) === objectId(one)) === at,
    ),
    included: files,
    problems,
    // A document with holes in it would be judged wrongly.
    findings: problems.length > 0 ? [] : translated.findings,
  };
}

/** The stack files, variables filled in, laid over each other in order. */
function planMerged({ folder, stackFiles, texts }: Inputs, lookup: Lookup) {
  const parsed = stackFiles.map((file) => parseStack(join(folder, file), texts[file] ?? '', lookup));
  const merged = parsed.reduce(
    (base, { document, marks }) => mergeStacks(base, document, marks),
    {} as Readonly<Record<string, unknown>>,
  );
  const positions = parsed.reduce((under, file) => under.under(file.positions), new Positions());
  const problems = parsed.flatMap((file) => file.problems);
  const isEmpty = !isMap(merged.services) || Object.keys(merged.services).length === 0;
  if (problems.length > 0 || !isEmpty) return { merged, positions, problems };
  return {
    merged,
    positions,
    problems: [{ file: join(folder, stackFiles[0] ?? ''), message: 'has no services' }],
  };
}

import { join } from 'node:path';
import { fitDocument } from '../../config/fit-document.ts';
import type { Inputs } from '../../config/inputs.ts';
import { configInvalid, type Finding, type Problem, renderProblem } from '../../config/problem.ts';
import type { StackDocument } from '../../config/stack-document.ts';
import { isSensitive } from '../../shared/is-sensitive.ts';
import { Secret } from '../../shared/secret.ts';
import { judgeChecks } from '../plan-checks.ts';
import { planTemplates } from '../spec/templates.ts';
import { referencesIn } from '../variables.ts';
import type { Draft, Values } from './draft.ts';
import { findSensitive } from './find-sensitive.ts';
import { judgeLatest } from './judge-latest.ts';
import { judgeLimits } from './judge-limits.ts';
import { judgeNames } from './judge-names.ts';
import { judgePorts } from './judge-ports.ts';
import { findExternals, judgeReferences, judgeSources } from './judge-references.ts';
import { judgeTexts } from './judge-texts.ts';
import { judgeTopLevel } from './judge-top-level.ts';
import { judgeValues } from './judge-values.ts';
import {
  judgeBuildSecrets,
  judgeBuilds,
  judgeOpenBuilds,
  judgeSharedImages,
  leaveOutBuildSecrets,
  planBuilds,
} from './plan-builds.ts';
import { judgeHooks, planHooks } from './plan-hooks.ts';
import { fillIncluded } from './plan-included.ts';
import { planObjects } from './plan-objects.ts';
import { judgeImages, planServices } from './plan-services.ts';
import { judgeAbsentFiles } from './plan-settings.ts';
import { judgeLocalStorage } from './plan-storage.ts';
import { planTemplate } from './plan-template.ts';
import { judgeDependencies } from './plan-waves.ts';
import type { Registry, Release } from './release.ts';

/** A stack that is filled in and fits Docker's schema, or what keeps it from it. */
export interface ValidStack {
  /** With every value in it. */
  readonly document: StackDocument;
  /** The same with `${NAME}` in place of every sensitive value. */
  readonly template: StackDocument;
  /** Sensitive values, by their names. */
  readonly sensitive: Readonly<Record<string, Secret>>;
  readonly problems: readonly Problem[];
}

/** The draft's document with what was read for it. */
export function planValidStack(draft: Draft, values: Values): ValidStack {
  const filled = fillIncluded(draft, values);
  const fitted = fitDocument(filled.document, draft.positions);
  const problems =
    draft.problems.length > 0
      ? []
      : [...draft.misfits, ...filled.problems, ...fitted.problems].filter((one) => !draft.isIgnored(one));
  const sensitive = { ...findSensitive(draft, filled.template), ...filled.sensitive };
  // What has holes, or the wrong shape, cannot be looked into.
  if (draft.problems.length + problems.length > 0) return { document: {}, template: {}, sensitive, problems };
  const document = fitted.document as StackDocument;
  const template = planTemplate(document, filled.template);
  const judges = [
    judgeBuilds,
    judgeValues,
    judgeLimits,
    judgeTopLevel,
    judgeReferences,
    judgePorts,
    judgeSources,
    judgeTexts,
    (whole: StackDocument, positions: Draft['positions']) =>
      judgeDependencies(whole, positions, draft.inactive),
  ];
  const tellsSecret = (text: unknown) =>
    referencesIn(text).some((name) => isSensitive(name, sensitive[name]?.revealText()));
  const open = [judgeOpenBuilds, judgeChecks].flatMap((judge) =>
    judge(template, draft.positions, tellsSecret),
  );
  const found = [
    ...judgeImages(document, draft.positions, draft.settings.registry !== undefined),
    ...judges.flatMap((judge) => judge(document, draft.positions)),
  ];
  return {
    document,
    template,
    sensitive,
    problems: [...found, ...open].filter((one) => !draft.isIgnored(one)),
  };
}

/** All that keeps a draft from being a release, but for its settings. */
export function judgeRelease(draft: Draft, values: Values, sound: ValidStack): readonly Problem[] {
  const { inputs, settings, stack, tag } = draft;
  const { objects, problems } = planObjects(draft, values);
  return [
    ...draft.problems,
    ...sound.problems,
    ...values.problems,
    ...problems,
    ...judgeBuildSecrets(sound.document, objects, draft.positions),
    ...judgeNames(sound.document, stack, draft.positions),
    ...judgeSharedImages(sound.document, tag, draft.positions),
    ...judgeLatest(sound.document, tag, draft.positions, settings.cluster),
    ...judgeHooks(inputs),
  ];
}

/**
 * Plans a release, or throws CONFIG_INVALID with every problem at once. `findings` are what rules found and nobody
 * silenced.
 */
export function planRelease(
  draft: Draft,
  values: Values,
  sound: ValidStack,
  findings: readonly Finding[],
): Release {
  const { inputs, settings, stack, tag, id } = draft;
  const { objects: all } = planObjects(draft, values);
  const { cluster, registry } = requireValid(draft, judgeRelease(draft, values, sound), findings);

  const { document, objects } = leaveOutBuildSecrets(sound.document, all);
  const { document: template } = leaveOutBuildSecrets(sound.template, all);
  const services = planServices(document, tag);
  const release = {
    stack,
    tag,
    id,
    plannedAt: inputs.now,
    commit: inputs.git.commit,
    dirty: inputs.git.dirty,
    settings: cluster,
    registry,
    storage: services.some(({ storesUploads }) => storesUploads) ? settings.storage : undefined,
    document,
    template,
    templates: planTemplates({ stack, template, services, objects }),
    sensitive: sound.sensitive,
    services,
    folder: inputs.folder,
    base: inputs.base,
    builds: planBuilds(sound.document, tag, cluster, all),
    hooks: planHooks(inputs),
    objects,
    externals: findExternals(document),
  };
  const warnings = [
    ...(inputs.git.dirty ? ['the git checkout has changes that are not committed'] : []),
    ...judgeUnread(inputs, release.builds),
    ...judgeLocalStorage(release),
  ];
  return { ...release, warnings, findings: findings.filter(({ level }) => level === 'warning') };
}

/** A tag is given, so the release needs no commit; that nothing is checked of the checkout has to be known. */
function judgeUnread(
  { git: { isCheckout, refusal = '' } }: Inputs,
  builds: Release['builds'],
): readonly string[] {
  if (!isCheckout || refusal === '' || builds.length === 0) return [];
  return [
    `git cannot read this checkout, so images are built from the files as they are, committed or not (git says: ${oneLine(refusal)})`,
  ];
}

const oneLine = (text: string) => text.replaceAll(/\s*\n\s*/g, ' ');

function describeNoCommit({ refusal }: Inputs['git']): string {
  const said = refusal ? ` (git says: ${oneLine(refusal)})` : '';
  return `is not a git checkout with a commit${said}: set DEPLOY_TAG to name the release`;
}

/** Throws all problems together. What only repeats, key by key, that a file is absent is left out. */
function requireValid(
  { inputs, settings: { cluster, registry, problems }, tag }: Draft,
  others: readonly Problem[],
  findings: readonly Finding[],
): { cluster: NonNullable<typeof cluster>; registry: Registry } {
  const absent = judgeAbsentFiles(inputs);
  const isAbsent = (file: string) => absent.some((one) => `${file}/`.startsWith(`${one.file}/`));
  const stackFiles = inputs.stackFiles.map((file) => join(inputs.folder, file));
  const isTold = ({ file }: Problem) =>
    !isAbsent(file) && (absent.length === 0 || !stackFiles.includes(file));
  const noTag = {
    file: '.',
    message: describeNoCommit(inputs.git),
  };
  const all = [
    ...[...absent, ...[...problems, ...others].filter(isTold), ...(tag ? [] : [noTag])].map(renderProblem),
    ...findings.filter((finding) => finding.level === 'error' && isTold(finding)).map(renderProblem),
  ];
  if (all.length > 0 || !cluster || !registry) throw configInvalid([...new Set(all)]);
  const { REGISTRY: host, REGISTRY_USERNAME: username, REGISTRY_TOKEN: token } = registry;
  return { cluster, registry: { host, username, token: new Secret(token) } };
}

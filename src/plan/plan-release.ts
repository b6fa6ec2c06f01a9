import type { Inputs } from '../config/inputs.ts';
import { configInvalid, type Problem } from '../config/problem.ts';
import { Secret } from '../shared/secret.ts';
import { planDocument } from './plan-document.ts';
import { judgeSecretFiles, planSecrets } from './plan-secrets.ts';
import { planBuilds, planServices } from './plan-services.ts';
import { judgeAbsentFiles, planSettings, type Settings } from './plan-settings.ts';
import { judgeLocalStorage } from './plan-storage.ts';
import type { Registry, Release } from './release.ts';
import { planDeployId, planSecretName } from './release-name.ts';
import { marksIn, planVariables, secretVariable } from './variables.ts';

/** Plans a release from what was read, or throws CONFIG_INVALID with every problem at once. */
export function planRelease(inputs: Inputs): Release {
  const settings = planSettings(inputs);
  const stack = settings.cluster?.STACK_NAME ?? 'stack';
  const tag = settings.cluster?.DEPLOY_TAG ?? inputs.git.sha ?? '';
  const id = planDeployId(tag, inputs.now);
  const nameOf = (key: string) => planSecretName(stack, key, id);
  const versions = inputs.secrets.map((secret) => [secretVariable(secret), nameOf(secret.key)]);
  const computed = { ...Object.fromEntries(versions), STACK_NAME: stack, DEPLOY_TAG: tag, DEPLOY_ID: id };
  const variables = planVariables(computed, inputs.environment, settings.envFiles);
  const { document, problems } = planDocument(inputs, variables.lookup);
  const secretProblems = judgeSecretFiles(inputs.secrets, inputs.folder, nameOf);
  const { cluster, registry } = requireSound(inputs, settings, tag, [...problems, ...secretProblems]);

  const services = planServices(document, tag);
  const named = new Set(marksIn(JSON.stringify(document)));
  const release = {
    stack,
    tag,
    id,
    settings: cluster,
    registry,
    storage: services.some(({ storesUploads }) => storesUploads) ? settings.storage : undefined,
    document,
    sensitive: Object.fromEntries(Object.entries(variables.sensitive).filter(([name]) => named.has(name))),
    services,
    builds: planBuilds(document, tag),
    secrets: planSecrets(inputs.secrets, document, stack, id),
    configs: Object.entries(document.configs ?? {}).map(([key, config]) => config?.name ?? key),
  };
  return { ...release, warnings: planWarnings(inputs, release) };
}

/** Throws all problems together. What only repeats, key by key, that a file is absent is left out. */
function requireSound(
  inputs: Inputs,
  { cluster, registry, problems }: Settings,
  tag: string,
  others: readonly Problem[],
): { cluster: NonNullable<typeof cluster>; registry: Registry } {
  const absent = judgeAbsentFiles(inputs);
  const isAbsent = (file: string) => absent.some((problem) => problem.file === file);
  const stackFiles = inputs.stackFiles.map((file) => `${inputs.folder}/${file}`);
  const found = [...problems, ...others]
    .filter(({ file }) => !isAbsent(file))
    .filter(({ file }) => absent.length === 0 || !stackFiles.includes(file));
  const noTag = {
    file: '.',
    message: 'is no git checkout with a commit: set DEPLOY_TAG to name the release',
  };
  const all = [...absent, ...found, ...(tag ? [] : [noTag])];
  if (all.length > 0 || !cluster || !registry) throw configInvalid(all);
  const { REGISTRY: host, REGISTRY_USERNAME: username, REGISTRY_TOKEN: token } = registry;
  return { cluster, registry: { host, username, token: new Secret(token) } };
}

function planWarnings(inputs: Inputs, release: Omit<Release, 'warnings'>): string[] {
  const used = new Set(release.secrets.map(({ key }) => key));
  const unused = inputs.secrets.filter(({ key }) => !used.has(key));
  return [
    ...(inputs.git.dirty ? ['the git checkout has uncommitted changes: they go into the images'] : []),
    ...unused.map((secret) => `${secret.file} is not used: the stack has no \${${secretVariable(secret)}}`),
    ...judgeLocalStorage(release),
  ];
}

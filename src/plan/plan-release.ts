import { castTypes } from '../config/cast-types.ts';
import { ENV_FILES, type Inputs } from '../config/inputs.ts';
import { mergeStacks } from '../config/merge-stack.ts';
import { parseEnv } from '../config/parse-env.ts';
import { parseStack } from '../config/parse-stack.ts';
import { configInvalid, type Problem } from '../config/problem.ts';
import { checkSettings, clusterSchema, registrySchema } from '../config/settings.ts';
import type { StackDocument } from '../config/stack-document.ts';
import { Secret } from '../shared/secret.ts';
import { judgeSecretFiles, planSecrets } from './plan-secrets.ts';
import { judgeServices, planBuilds, planServices } from './plan-services.ts';
import { judgeLocalStorage, planStorage } from './plan-storage.ts';
import type { Release } from './release.ts';
import { planDeployId, planSecretName } from './release-name.ts';
import { marksIn, planVariables, secretVariable, type Variables } from './variables.ts';

/** Plans a release from what was read, or throws CONFIG_INVALID with every problem at once. */
export function planRelease(inputs: Inputs): Release {
  const { environment, folder } = inputs;
  const [clusterEnv, registryEnv, prodEnv] = ENV_FILES.map((file) =>
    parseEnv(`${folder}/${file}`, inputs.texts[file] ?? ''),
  ) as [ReturnType<typeof parseEnv>, ReturnType<typeof parseEnv>, ReturnType<typeof parseEnv>];
  const cluster = checkSettings(clusterEnv, environment, clusterSchema);
  const registry = checkSettings(registryEnv, environment, registrySchema);
  const { storage, problems: storageProblems } = planStorage(prodEnv, environment);

  const stack = cluster.settings?.STACK_NAME ?? 'stack';
  const tag = cluster.settings?.DEPLOY_TAG ?? inputs.git.sha ?? '';
  const id = planDeployId(tag, inputs.now);
  const nameOf = (key: string) => planSecretName(stack, key, id);
  const versions = inputs.secrets.map((secret) => [secretVariable(secret), nameOf(secret.key)]);
  const computed = { ...Object.fromEntries(versions), STACK_NAME: stack, DEPLOY_TAG: tag, DEPLOY_ID: id };
  const variables = planVariables(computed, environment, [prodEnv, clusterEnv, registryEnv]);
  const { document, problems: stackProblems } = planDocument(inputs, variables);

  const absent = judgeAbsentFiles(inputs);
  const problems = [
    ...absent,
    // A file that is absent or fresh from its example would only repeat itself, key by key.
    ...[
      ...cluster.problems,
      ...registry.problems,
      ...prodEnv.problems,
      ...storageProblems,
      ...stackProblems,
    ].filter(({ file }) => !absent.some((problem) => problem.file === file)),
    ...judgeSecretFiles(inputs.secrets, folder, nameOf).filter(
      ({ file }) => !absent.some((problem) => problem.file === file),
    ),
    ...(tag
      ? []
      : [{ file: '.', message: 'is no git checkout with a commit: set DEPLOY_TAG to name the release' }]),
  ];
  if (problems.length > 0 || !cluster.settings || !registry.settings) throw configInvalid(problems);

  const { REGISTRY: host, REGISTRY_USERNAME: username, REGISTRY_TOKEN: token } = registry.settings;
  const services = planServices(document, tag);
  const secrets = planSecrets(inputs.secrets, document, stack, id);
  const used = new Set(marksIn(JSON.stringify(document)));
  const draft = {
    stack,
    tag,
    id,
    settings: cluster.settings,
    registry: { host, username, token: new Secret(token) },
    storage: services.some(({ storesUploads }) => storesUploads) ? storage : undefined,
    document,
    sensitive: Object.fromEntries(Object.entries(variables.sensitive).filter(([name]) => used.has(name))),
    services,
    builds: planBuilds(document, tag),
    secrets,
    configs: Object.entries(document.configs ?? {}).map(([key, config]) => config?.name ?? key),
  };
  return { ...draft, warnings: planWarnings(inputs, draft) };
}

function planDocument(
  inputs: Inputs,
  variables: Variables,
): { document: StackDocument; problems: Problem[] } {
  const present = inputs.stackFiles.filter((file) => Object.hasOwn(inputs.texts, file));
  const parsed = present.map((file) =>
    parseStack(`${inputs.folder}/${file}`, inputs.texts[file] ?? '', variables.lookup),
  );
  const merged = parsed.reduce(
    (base, { document, marks }) => mergeStacks(base, document, marks),
    {} as Readonly<Record<string, unknown>>,
  );
  const document = castTypes(merged) as StackDocument;
  const problems = parsed.flatMap((file) => file.problems);
  const readable = present.length === inputs.stackFiles.length && problems.length === 0;
  const judged = readable ? judgeServices(document, `${inputs.folder}/${present[0]}`) : [];
  return { document, problems: [...problems, ...judged] };
}

function judgeAbsentFiles({ folder, copied, texts, stackFiles }: Inputs): Problem[] {
  const missing = [...ENV_FILES, ...stackFiles].filter((file) => !Object.hasOwn(texts, file));
  return [
    ...copied.map((file) => ({
      file: `${folder}/${file}`,
      message: 'was missing: copied from its .example, fill it in',
    })),
    ...missing.map((file) => ({ file: `${folder}/${file}`, message: 'is missing' })),
  ];
}

function planWarnings(inputs: Inputs, release: Omit<Release, 'warnings'>): string[] {
  const used = new Set(release.secrets.map(({ key }) => key));
  return [
    ...(inputs.git.dirty ? ['the git checkout has uncommitted changes: they go into the images'] : []),
    ...inputs.secrets
      .filter(({ key }) => !used.has(key))
      .map(
        (secret) =>
          `${secret.file} is not used: no secret in the stack is named \${${secretVariable(secret)}}`,
      ),
    ...judgeLocalStorage(release),
  ];
}

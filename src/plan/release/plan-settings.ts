import { join } from 'node:path';
import { checkSettings, judgeUnset } from '../../config/check-settings.ts';
import { parseProfiles } from '../../config/compose/profiles.ts';
import { ENV_FILES, type Inputs } from '../../config/inputs.ts';
import { type EnvFile, parseEnv } from '../../config/parse-env.ts';
import type { Problem } from '../../config/problem.ts';
import {
  type ClusterSettings,
  clusterSchema,
  type RegistrySettings,
  registrySchema,
} from '../../config/settings.ts';
import { planStorage } from './plan-storage.ts';
import type { Storage } from './release.ts';

/** What the three env files say. Settings are undefined when there are problems with them. */
export interface Settings {
  readonly cluster: ClusterSettings | undefined;
  readonly registry: RegistrySettings | undefined;
  /** DEPLOY_TAG, also when other settings are wrong: its absence is a problem of its own. */
  readonly tag: string | undefined;
  /** Likewise the profiles that are switched on. */
  readonly profiles: readonly string[];
  readonly storage: Storage;
  /** The one whose value for a name wins comes first. */
  readonly envFiles: readonly EnvFile[];
  readonly problems: readonly Problem[];
}

export function planSettings({ folder, texts, environment }: Inputs): Settings {
  const parse = (file: (typeof ENV_FILES)[number]) => parseEnv(join(folder, file), texts[file] ?? '');
  const [clusterEnv, registryEnv, prodEnv] = [parse('cluster.env'), parse('registry.env'), parse('prod.env')];
  const cluster = checkSettings(clusterEnv, environment, clusterSchema);
  const registry = checkSettings(registryEnv, environment, registrySchema);
  const { storage, problems } = planStorage(prodEnv, environment);
  return {
    cluster: cluster.settings,
    registry: registry.settings,
    tag: environment.DEPLOY_TAG ?? clusterEnv.values.DEPLOY_TAG,
    profiles: chooseProfiles(clusterEnv, environment),
    storage,
    envFiles: [prodEnv, clusterEnv, registryEnv],
    problems: [
      ...judgeUnset(environment),
      ...cluster.problems,
      ...registry.problems,
      ...prodEnv.problems,
      ...problems,
    ],
  };
}

/** COMPOSE_PROFILES may be meant for the operator's own machine: what is chosen for the cluster wins. */
function chooseProfiles({ values }: EnvFile, environment: Inputs['environment']): readonly string[] {
  return parseProfiles((environment.PROFILES ?? values.PROFILES) || (environment.COMPOSE_PROFILES ?? ''));
}

/** Files without which nothing can be planned. */
export function judgeAbsentFiles({ folder, copied, texts, stackFiles }: Inputs): readonly Problem[] {
  const needed = [...ENV_FILES, ...stackFiles];
  const missing = needed.filter((file) => !Object.hasOwn(texts, file));
  if (missing.length === needed.length && copied.length === 0)
    return [{ file: folder, message: `has none of ${needed.join(', ')}: \`waggle init\` writes them` }];
  const problem = (message: string) => (file: string) => ({ file: join(folder, file), message });
  return [
    ...copied.map(problem('was missing: copied from its .example, fill it in')),
    ...missing.map(problem('is missing: `waggle deploy` copies it from its .example, if there is one')),
  ];
}

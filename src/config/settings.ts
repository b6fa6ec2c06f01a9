import { z } from 'zod';
import type { EnvFile } from './parse-env.ts';
import type { Problem } from './problem.ts';

const flag = z
  .enum(['', '0', '1', 'true', 'false'], 'must be 1, true, 0, false or empty')
  .default('')
  .transform((value) => value === '1' || value === 'true');
const text = z.string().trim().min(1, 'must not be empty');
const optional = z
  .string()
  .trim()
  .default('')
  .transform((value) => value || undefined);
/** A whole number; empty means the default. */
const whole = (fallback: number, least: number) =>
  z.preprocess(
    (value) => (value === '' || value === undefined ? fallback : value),
    z.coerce.number('must be a number').int('must be a whole number').min(least, `must be at least ${least}`),
  );

/** deploy/cluster.env: where to deploy, and how. Keys it does not know are variables for stack.yml. */
export const clusterSchema = z.object({
  DEPLOY_MANAGER_HOST: text,
  DEPLOY_MANAGER_USER: text.default('deploy'),
  DEPLOY_MANAGER_SSH_PORT: whole(22, 1),
  /** Path of a private key. Empty: the ssh agent, then ~/.ssh/id_ed25519, id_ecdsa, id_rsa. */
  DEPLOY_SSH_KEY: optional,
  /** `ssh-ed25519 AAAA...`; empty: ~/.ssh/known_hosts. */
  DEPLOY_SSH_HOST_KEY: optional.refine(
    (value) => value === undefined || /(^|\s)AAAA[\w+/]{20}/.test(value),
    'must be a public key: ssh-ed25519 AAAA...',
  ),
  STACK_NAME: text.regex(
    /^[a-z0-9][a-z0-9_-]{0,30}$/,
    'must be lower case letters, digits, - and _, at most 31',
  ),
  /** Stack files within deploy/, joined by `:`; later ones override earlier ones. */
  STACK_FILES: optional.transform((value) => (value ?? 'stack.yml').split(':')),
  /** `linux/amd64,linux/arm64`; empty: the platforms of the cluster's nodes. */
  BUILD_PLATFORMS: optional.transform((value) => value?.split(',').map((platform) => platform.trim())),
  DEPLOY_HEALTHCHECK_URL: z.preprocess(
    (value) => value || undefined,
    z.url({ protocol: /^https?$/, message: 'must be an http(s) URL' }).optional(),
  ),
  /** Seconds that a rollout, and then its undoing, may take. */
  DEPLOY_TIMEOUT: whole(600, 1),
  SECRET_KEEP_VERSIONS: whole(3, 1),
  PUSH_LATEST_TAG: flag,
  DEPLOY_TAG: z.preprocess(
    (value) => value || undefined,
    z
      .string()
      .regex(/^\w[\w.-]{0,39}$/, 'must be letters, digits, _ . and -, at most 40')
      .optional(),
  ),
  SKIP_BUILD: flag,
  SKIP_HEALTHCHECK: flag,
  DRY_RUN: flag,
});
export type ClusterSettings = z.infer<typeof clusterSchema>;

/** deploy/registry.env: where images are pushed to and pulled from. */
export const registrySchema = z.object({
  /** Host, with port if any: ghcr.io, registry.example.org:5000. */
  REGISTRY: text.regex(/^[^/\s]+$/, 'must be a host without a path: the path belongs in REGISTRY_NAMESPACE'),
  REGISTRY_NAMESPACE: text,
  REGISTRY_USERNAME: text,
  REGISTRY_TOKEN: text,
});
export type RegistrySettings = z.infer<typeof registrySchema>;

/** Only these keys of prod.env have a meaning for Waggle; the rest are variables for stack.yml. */
export const B2_KEYS = ['B2_ENDPOINT', 'B2_KEY_ID', 'B2_APP_KEY', 'B2_BUCKET_NAME'] as const;

export interface Checked<Settings> {
  /** undefined when there are problems. */
  readonly settings: Settings | undefined;
  readonly problems: readonly Problem[];
}

/** Checks an env file, overridden by the process's environment, against its schema. */
export function checkSettings<Settings>(
  env: EnvFile,
  environment: Readonly<Record<string, string>>,
  schema: z.ZodType<Settings>,
): Checked<Settings> {
  const result = schema.safeParse({ ...env.values, ...environment });
  const problems = (result.error?.issues ?? []).map((issue) => {
    const key = String(issue.path[0]);
    const missing = !Object.hasOwn(env.values, key) && !Object.hasOwn(environment, key);
    const message = `${key} ${missing ? 'is missing' : issue.message}`;
    return { file: env.file, line: env.lines[key], message };
  });
  return { settings: result.data, problems: [...env.problems, ...problems] };
}

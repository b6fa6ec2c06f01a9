import * as z from 'zod';
import { isDestination, parseDestination } from '../shared/destination.ts';
import { messageOf } from '../shared/errors.ts';
import { IMAGE_PATH, registryName } from '../shared/image-name.ts';
import { Secret } from '../shared/secret.ts';
import { parseHealthChecks } from './parse-health.ts';

const flagOr = (fallback: boolean) =>
  z
    .enum(['', '0', '1', 'true', 'false'], 'must be 1, true, 0, false or empty')
    .default('')
    .transform((value) => (value === '' ? fallback : value === '1' || value === 'true'));
const flag = flagOr(false);
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

const secret = z
  .string()
  .optional()
  .transform((value) => (value ? new Secret(value) : undefined));

/** Holds a token, so that a message must not show it. */
const webAddress = secret.refine(
  (value) => value === undefined || isWebAddress(value.revealText()),
  'must be a URL that begins with https:// or http://',
);

const isWebAddress = (value: string) => /^https?:\/\//.test(value) && URL.canParse(value);

/** A private key, or a part of one, in place of its path; `LS0tLS1CRU` is `-----BE` in base64. */
const KEY_ITSELF = /PRIVATE KEY|-----|\n|^LS0tLS1CRU|b3BlbnNzaC1rZXkt|^PuTTY-|[\w+/=]{200}/;

/** In characters. */
export const LONGEST_STACK_NAME = 31;

/** deploy/cluster.env: where to deploy, and how. Keys it does not know are variables for stack.yml. */
export const clusterSchema = z.object({
  DEPLOY_MANAGER_HOST: text
    .transform((value) => value.split(',').map((host) => parseDestination(host.trim())))
    .refine(
      (managers) => managers.every(isDestination),
      'must be hosts, joined by a comma, each like m1, deploy@m1:2222 or ssh://deploy@m1:2222',
    )
    .describe(
      'Managers, joined by `,`. Waggle uses the first that answers. Each is a name of `~/.ssh/config`, `m1`, or `deploy@m1:2222`.',
    ),
  DEPLOY_MANAGER_USER: optional.describe('User on the manager. Empty: the user that ssh would take.'),
  DEPLOY_MANAGER_SSH_PORT: z
    .preprocess((value) => value || undefined, whole(22, 1).optional())
    .describe('Port of its sshd. Empty: the port in `~/.ssh/config`, or 22.'),
  DEPLOY_SSH_KEY: optional
    .refine(
      (value) => value === undefined || !KEY_ITSELF.test(value),
      'must be the path of a private key: the key itself belongs in DEPLOY_SSH_PRIVATE_KEY',
    )
    .describe('Path of a private key. Empty: the keys that ssh would offer, including those of the agent.'),
  DEPLOY_SSH_PRIVATE_KEY: secret.describe(
    'The private key itself, for CI. Waggle writes it to no file. Wins over `DEPLOY_SSH_KEY`.',
  ),
  DEPLOY_SSH_KEY_PASSPHRASE: secret.describe('Passphrase of the key. Empty: Waggle asks on a terminal.'),
  DEPLOY_SSH_HOST_KEY: optional
    .refine(
      (value) => value === undefined || /(^|\s)AAAA[\w+/]{20}/.test(value),
      'must be a public key: ssh-ed25519 AAAA...',
    )
    .describe(
      'Host key of the manager, `ssh-ed25519 AAAA...`. Keys of several managers are joined by `,`. Empty: `known_hosts`.',
    ),
  DEPLOY_CLUSTER_ID: optional.describe(
    'Id of the Swarm. Waggle refuses the managers of another one. Empty: the cluster of the last deploy from this checkout.',
  ),
  NOTIFY_WEBHOOK_URL: webAddress.describe('Webhook that receives JSON at the start and end of each release.'),
  NOTIFY_WEBHOOK_SECRET: secret.describe('Secret that signs the requests to the webhook.'),
  NOTIFY_SLACK_URL: webAddress.describe('Incoming webhook of Slack, or of a compatible chat.'),
  NOTIFY_GITHUB_TOKEN: secret.describe(
    'Token with `deployments: write`. In a GitHub workflow, the commit then shows the deployment and its status.',
  ),
  STACK_NAME: text
    .regex(
      new RegExp(`^[a-z0-9][a-z0-9_-]{0,${LONGEST_STACK_NAME - 1}}$`),
      `must be lower case letters, digits, - and _, at most ${LONGEST_STACK_NAME}`,
    )
    .describe('Name of the stack in the cluster.'),
  STACK_FILES: optional
    .transform((value) => (value ?? 'stack.yml').split(':'))
    .describe('Stack files in the deploy folder, joined by `:`. Later files override earlier ones.'),
  PROFILES: optional.describe(
    'Active profiles of the stack file, joined by `,`. `*` activates all. Empty: `COMPOSE_PROFILES` of the environment.',
  ),
  BUILD_PLATFORMS: optional
    .transform((value) => value?.split(',').map((platform) => platform.trim()))
    .describe(
      'Platforms of the images: `linux/amd64,linux/arm64`. Empty: the platforms of the nodes where each service may run.',
    ),
  BUILD_BUILDER: optional.describe('Name of a buildx builder. Empty: the current builder.'),
  BUILD_REMOTE: optional
    .refine(
      (value) => value === undefined || /^(ssh|tcp|unix):\/\/./.test(value),
      'must be like ssh://user@host',
    )
    .describe('Docker engine of another machine that builds the images: `ssh://user@host`.'),
  BUILD_PROVENANCE: flag.describe(
    'Attach provenance to each image. Changes the digest of an unchanged build.',
  ),
  BUILD_SBOM: flag.describe(
    'Attach a software bill of materials to each image. Changes the digest of an unchanged build.',
  ),
  BUILD_TIMEOUT: whole(3600, 1).describe('Seconds for the build and the push of all images.'),
  DEPLOY_HEALTHCHECK_URL: z
    .string()
    .default('')
    .transform((value, { addIssue }) => {
      try {
        return parseHealthChecks(value);
      } catch (error) {
        addIssue(messageOf(error));
        return z.NEVER;
      }
    })
    .describe(
      'URLs that must answer, one on each line, with the [expected answer](health-check.md). Empty: no HTTP check.',
    ),
  DEPLOY_HEALTHCHECK_SUCCESSES: whole(1, 1).describe('Good answers in a row that a check needs.'),
  DEPLOY_HEALTHCHECK_ATTEMPTS: whole(10, 1).describe('Requests before the check fails.'),
  DEPLOY_HEALTHCHECK_TIMEOUT: whole(5, 1).describe('Seconds for each answer.'),
  DEPLOY_HEALTHCHECK_BAKE: whole(0, 0).describe('Seconds of further probes after the check passed.'),
  DEPLOY_HEALTHCHECK_BUDGET: whole(0, 0).describe('Bad answers tolerated in that time.'),
  ON_INCONCLUSIVE: z
    .enum(['', 'keep', 'restore'], 'must be keep or restore')
    .default('')
    .describe(
      '`keep` or `restore` a release whose health Waggle could not probe. Empty: Waggle asks on a terminal, and keeps it elsewhere.',
    ),
  DEPLOY_TIMEOUT: whole(600, 1).describe('Seconds for a rollout, and again for its restore.'),
  PROGRESS_DEADLINE: whole(120, 1).describe(
    'Seconds without progress before a service fails, in addition to the times of its own spec.',
  ),
  SECRET_KEEP_VERSIONS: whole(3, 1).describe('Versions of each secret and config to keep at least.'),
  RELEASES_KEEP: whole(10, 1).describe('Successful releases to keep, and the same number of failed ones.'),
  SECRET_REUSE: flagOr(true).describe(
    'Keep the version of an unchanged secret or config, so that its tasks keep running.',
  ),
  KEEP_LIVE_SCALE: flag.describe(
    'Keep replicas that somebody changed since the last deploy, instead of those of the stack file.',
  ),
  PUSH_LATEST_TAG: flag.describe('Push each built image as `latest`, too.'),
  DEPLOY_TAG: z
    .preprocess(
      (value) => value || undefined,
      z
        .string()
        .regex(/^\w[\w.-]{0,127}$/, 'must be letters, digits, _ . and -, at most 128')
        .optional(),
    )
    .describe('Tag of the images. Empty: the short commit id of the checkout.'),
  SKIP_BUILD: flag.describe('Deploy images that are already in the registry.'),
  ALLOW_DIRTY: flag.describe('Build the checkout with changes that are not committed or not pushed.'),
  SKIP_HEALTHCHECK: flag.describe('Skip the health check.'),
  DRY_RUN: flag.describe('Print what the command would change, and change nothing.'),
});
export type ClusterSettings = z.infer<typeof clusterSchema>;

/** deploy/registry.env: where images are pushed to and pulled from. */
export const registrySchema = z.object({
  REGISTRY: text
    .regex(/^[^/\s]+$/, 'must be a host without a path: the path belongs in REGISTRY_NAMESPACE')
    .transform(registryName)
    .describe('Host of the registry, with its port: `ghcr.io`, `registry.example.org:5000`.'),
  REGISTRY_NAMESPACE: text
    .regex(IMAGE_PATH, 'must be lower case letters and digits, joined by . _ - or /')
    .describe('Path between the host and the name of the image.'),
  REGISTRY_USERNAME: text.describe('User of the registry.'),
  REGISTRY_TOKEN: text.describe('Password or token of that user.'),
});
export type RegistrySettings = z.infer<typeof registrySchema>;

/** Only these keys of prod.env have a meaning for Waggle; the rest are variables for stack.yml. */
export const B2_KEYS = ['B2_ENDPOINT', 'B2_KEY_ID', 'B2_APP_KEY', 'B2_BUCKET_NAME'] as const;

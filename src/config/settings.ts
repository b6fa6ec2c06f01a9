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

/** deploy/cluster.env: where to deploy, and how. Keys it does not know are variables for stack.yml. */
export const clusterSchema = z.object({
  DEPLOY_MANAGER_HOST: text
    .transform((value) => value.split(',').map((host) => parseDestination(host.trim())))
    .refine(
      (managers) => managers.every(isDestination),
      'must be hosts, joined by a comma, each like m1, deploy@m1:2222 or ssh://deploy@m1:2222',
    )
    .describe(
      'Managers, joined by `,`: the first that answers serves. Names that ~/.ssh/config knows will do, and `deploy@m1:2222`.',
    ),
  DEPLOY_MANAGER_USER: optional.describe('Who logs in to the manager. Empty: what ssh would take.'),
  DEPLOY_MANAGER_SSH_PORT: z
    .preprocess((value) => value || undefined, whole(22, 1).optional())
    .describe('The port of its sshd. Empty: what ~/.ssh/config says, or 22.'),
  DEPLOY_SSH_KEY: optional
    .refine(
      (value) => value === undefined || !KEY_ITSELF.test(value),
      'must be the path of a private key: the key itself belongs in DEPLOY_SSH_PRIVATE_KEY',
    )
    .describe("Path of a private key. Empty: what ssh would offer, the agent's keys among it."),
  DEPLOY_SSH_PRIVATE_KEY: secret.describe(
    'A private key itself, for CI: it then is in no file. Wins over the path.',
  ),
  DEPLOY_SSH_KEY_PASSPHRASE: secret.describe(
    'The passphrase of a key that has one. Empty: it is asked for on a terminal.',
  ),
  DEPLOY_SSH_HOST_KEY: optional
    .refine(
      (value) => value === undefined || /(^|\s)AAAA[\w+/]{20}/.test(value),
      'must be a public key: ssh-ed25519 AAAA...',
    )
    .describe(
      "The manager's host key, `ssh-ed25519 AAAA...`; those of several managers joined by `,`. Empty: known_hosts.",
    ),
  DEPLOY_CLUSTER_ID: optional.describe(
    'The id of the Swarm: managers of another are refused. Empty: the one that the last deploy from this checkout went to.',
  ),
  NOTIFY_WEBHOOK_URL: webAddress.describe(
    'Is told, as JSON, when a deploy begins and how it ended; with a secret the notice is signed.',
  ),
  NOTIFY_WEBHOOK_SECRET: secret.describe('Signs what the webhook is told.'),
  NOTIFY_SLACK_URL: webAddress.describe('An incoming webhook of Slack, or of what takes the same.'),
  NOTIFY_GITHUB_TOKEN: secret.describe(
    "With `deployments: write`: a deployment and its status beside the commit, in a workflow of GitHub's.",
  ),
  STACK_NAME: text
    .regex(/^[a-z0-9][a-z0-9_-]{0,30}$/, 'must be lower case letters, digits, - and _, at most 31')
    .describe('What the stack is called in the cluster.'),
  STACK_FILES: optional
    .transform((value) => (value ?? 'stack.yml').split(':'))
    .describe(
      'Stack files within the deploy folder, joined by `:`; later ones override earlier ones. Empty: stack.yml.',
    ),
  PROFILES: optional.describe(
    'Profiles of the stack file that are active, joined by `,`; `*` for all. Empty: those of COMPOSE_PROFILES in the environment.',
  ),
  BUILD_PLATFORMS: optional
    .transform((value) => value?.split(',').map((platform) => platform.trim()))
    .describe(
      'What images are built for: `linux/amd64,linux/arm64`. Empty: the platforms of the nodes that each service can land on.',
    ),
  BUILD_BUILDER: optional.describe('A buildx builder by its name; empty: the one that is in use.'),
  BUILD_REMOTE: optional
    .refine(
      (value) => value === undefined || /^(ssh|tcp|unix):\/\/./.test(value),
      'must be like ssh://user@host',
    )
    .describe('The engine of another machine builds: `ssh://user@host`.'),
  BUILD_PROVENANCE: flag.describe(
    'How each image was made, kept beside it. Changes the digest of an unchanged build.',
  ),
  BUILD_SBOM: flag.describe(
    'A list of what is in each image, kept beside it. Changes the digest of an unchanged build.',
  ),
  BUILD_TIMEOUT: whole(3600, 1).describe(
    'Seconds that all images may take to be built and pushed: a registry that falls silent says nothing of it.',
  ),
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
    .describe('What has to answer, one a line, and how: DEPLOYING.md#the-health-check.'),
  DEPLOY_HEALTHCHECK_SUCCESSES: whole(1, 1).describe('Good answers in a row that are wanted.'),
  DEPLOY_HEALTHCHECK_ATTEMPTS: whole(10, 1).describe('Questions that may be asked for them.'),
  DEPLOY_HEALTHCHECK_TIMEOUT: whole(5, 1).describe('Seconds that each answer may take.'),
  DEPLOY_HEALTHCHECK_BAKE: whole(0, 0).describe('Seconds that it is asked after that.'),
  DEPLOY_HEALTHCHECK_BUDGET: whole(0, 0).describe('Bad answers that are borne with in that time.'),
  ON_INCONCLUSIVE: z
    .enum(['', 'keep', 'restore'], 'must be keep or restore')
    .default('')
    .describe(
      'What becomes of a release whose health could not be asked for. Empty: asked on a terminal, else kept.',
    ),
  DEPLOY_TIMEOUT: whole(600, 1).describe('Seconds that a rollout, and then its undoing, may take.'),
  PROGRESS_DEADLINE: whole(120, 1).describe(
    'Seconds in which a service must get on, beside what its own spec lets it take.',
  ),
  SECRET_KEEP_VERSIONS: whole(3, 1).describe('Versions of each secret and config that are kept at least.'),
  RELEASES_KEEP: whole(10, 1).describe('Releases that one can go back to, and as many that failed.'),
  SECRET_REUSE: flagOr(true).describe(
    'An unchanged secret or config keeps its version, and the tasks that use it keep running.',
  ),
  KEEP_LIVE_SCALE: flag.describe(
    'Replicas that were set by hand since the last deploy win over those of the stack file.',
  ),
  PUSH_LATEST_TAG: flag.describe('Push what is built as `latest`, too.'),
  DEPLOY_TAG: z
    .preprocess(
      (value) => value || undefined,
      z
        .string()
        .regex(/^\w[\w.-]{0,127}$/, 'must be letters, digits, _ . and -, at most 128')
        .optional(),
    )
    .describe('The tag of the images. Empty: the short sha of the checkout.'),
  SKIP_BUILD: flag.describe('Deploy images that were pushed before.'),
  ALLOW_DIRTY: flag.describe(
    'Build a checkout as it lies there, also with changes that are not committed or not pushed.',
  ),
  SKIP_HEALTHCHECK: flag.describe('Do not ask for health.'),
  DRY_RUN: flag.describe('Print what a deploy is made of, and ask nobody.'),
});
export type ClusterSettings = z.infer<typeof clusterSchema>;

/** deploy/registry.env: where images are pushed to and pulled from. */
export const registrySchema = z.object({
  REGISTRY: text
    .regex(/^[^/\s]+$/, 'must be a host without a path: the path belongs in REGISTRY_NAMESPACE')
    .transform(registryName)
    .describe('Host, with port if any: ghcr.io, registry.example.org:5000.'),
  REGISTRY_NAMESPACE: text
    .regex(IMAGE_PATH, 'must be lower case letters and digits, joined by . _ - or /')
    .describe("What comes between the host and the image's name."),
  REGISTRY_USERNAME: text.describe('Who logs in there.'),
  REGISTRY_TOKEN: text.describe('The password, or a token.'),
});
export type RegistrySettings = z.infer<typeof registrySchema>;

/** Only these keys of prod.env have a meaning for Waggle; the rest are variables for stack.yml. */
export const B2_KEYS = ['B2_ENDPOINT', 'B2_KEY_ID', 'B2_APP_KEY', 'B2_BUCKET_NAME'] as const;

import * as z from 'zod';

const change = z.enum(['added', 'removed', 'changed']);
const service = z.strictObject({
  name: z.string(),
  action: z.enum(['run', 'create', 'restart', 'update', 'recreate', 'remove', 'nothing']),
  fields: z.array(
    z.strictObject({ name: z.string(), change, from: z.string().optional(), to: z.string().optional() }),
  ),
  stops: z.number().optional(),
  starts: z.number().optional(),
  notes: z.array(z.string()),
});

/**
 * A plan as `waggle plan --json` prints it and `--out` writes it; docs/reference/plan-json.md shows one. Holds no
 * secret and no value of the environment.
 */
export const savedPlanSchema = z.strictObject({
  /** Another number is another shape of this document. */
  format: z.literal(1),
  stack: z.string(),
  /** Id of the release: `<tag>_<time>`. */
  release: z.string(),
  tag: z.string(),
  /** ISO 8601; the release's time. */
  plannedAt: z.iso.datetime(),
  services: z.array(service),
  objects: z.array(
    z.strictObject({
      kind: z.enum(['secret', 'config']),
      key: z.string(),
      action: z.enum(['create', 'reuse']),
      name: z.string(),
    }),
  ),
  networks: z.array(
    z.strictObject({ name: z.string(), action: z.enum(['create', 'keep']), note: z.string().optional() }),
  ),
  /** What somebody changed by hand since the last release, a line each. */
  drift: z.array(z.string()),
  /** What would keep Swarm from doing it; a deploy refuses while there is any. */
  obstacles: z.array(z.string()),
  /** What rules found; a deploy does not stop at it. */
  warnings: z
    .array(
      z.strictObject({
        rule: z.string(),
        message: z.string(),
        findings: z.array(
          z.strictObject({
            file: z.string(),
            line: z.number().exactOptional(),
            column: z.number().exactOptional(),
            message: z.string(),
          }),
        ),
      }),
    )
    .exactOptional(),
  /** Image with tag -> digest, of every image that is not built by the deploy. */
  digests: z.record(z.string(), z.string()),
  /** Swarm's id of the cluster that was asked: no other serves the deploy. */
  clusterId: z.string().optional(),
  /** Live service -> its version in the cluster when the plan was made. */
  cluster: z.record(z.string(), z.number()),
  /** Fingerprint of every input, secret values among them: salted and slow, see shared/digest.ts. */
  inputs: z.string(),
});
export type SavedPlan = z.infer<typeof savedPlanSchema>;

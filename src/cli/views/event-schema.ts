import { z } from 'zod';

const common = {
  level: z.union([z.literal(30), z.literal(40), z.literal(50)]).describe('30 info, 40 warning, 50 error'),
  time: z.iso.datetime().describe('ISO 8601, by the clock of this machine'),
  msg: z.string().describe('the event in words'),
};

/** A line of `--json`, as DEPLOYING.md documents it. Fields may be added; none is renamed or taken away. */
export const eventSchema = z.union([
  z.strictObject({
    ...common,
    step: z.string(),
    state: z.enum(['started', 'done', 'failed']),
    ms: z.int().nonnegative().optional().describe('how long it took; absent when it begins'),
  }),
  z.strictObject({
    ...common,
    part: z.string().describe('a service, a target of the build, an address that is asked for health'),
    done: z.int().nonnegative(),
    of: z.int().nonnegative(),
    note: z.string().optional().describe('what it does, or waits for'),
  }),
  z.strictObject({
    ...common,
    task: z.string().describe('shop_api.2; of a global service shop_api@m1'),
    service: z.string(),
    taskId: z.string(),
    node: z.string().describe('empty until it has one'),
    state: z.string().describe('as Swarm calls it'),
    spec: z.enum(['new', 'before']).describe('before: what ran before is put back'),
    error: z.string().optional().describe('why it failed'),
  }),
  z.strictObject({
    ...common,
    release: z.string().describe('r42; empty of a plan'),
    id: z.string().describe('<tag>_<UTC time>'),
    changed: z.boolean().describe('anything that runs is another, or would be'),
    digests: z.record(z.string(), z.string()).describe('image with its tag -> sha256:...'),
    url: z.string().describe('what is asked for health first'),
    summary: z.string().describe('all of it, in Markdown'),
  }),
  z.strictObject(common),
]);

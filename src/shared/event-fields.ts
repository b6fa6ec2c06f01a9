import * as z from 'zod';

/** What each structured event of a log holds. */
export const eventFields = {
  step: {
    step: z.string(),
    state: z.enum(['started', 'done', 'failed']),
    ms: z.int().nonnegative().exactOptional().describe('how long it took; absent when it begins'),
  },
  part: {
    part: z.string().describe('a service, a target of the build, an address that is asked for health'),
    done: z.int().nonnegative(),
    of: z.int().nonnegative(),
    note: z.string().exactOptional().describe('what it does, or waits for'),
  },
  task: {
    task: z.string().describe('shop_api.2; of a global service shop_api@m1'),
    service: z.string(),
    taskId: z.string(),
    node: z.string().describe('empty until it has one'),
    state: z.string().describe('as Swarm calls it'),
    spec: z.enum(['new', 'before']).describe('before: what ran before is put back'),
    error: z.string().exactOptional().describe('why it failed'),
  },
  warning: {
    rule: z.string().describe('what a comment `# waggle-ignore <rule>` names'),
    findings: z
      .array(
        z.strictObject({
          file: z.string(),
          line: z.int().positive().exactOptional(),
          column: z.int().positive().exactOptional(),
          message: z.string(),
        }),
      )
      .describe('every place behind the line'),
  },
  result: {
    release: z.string().describe('r42; empty of a plan'),
    id: z.string().describe('<tag>_<UTC time>'),
    changed: z.boolean().describe('anything that runs is another, or would be'),
    digests: z.record(z.string(), z.string()).describe('image with its tag -> sha256:...'),
    url: z.string().describe('what is asked for health first'),
    summary: z.string().describe('all of it, in Markdown'),
  },
};

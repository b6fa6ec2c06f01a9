import * as z from 'zod';

/** Fields of each kind of structured event. */
export const eventFields = {
  step: {
    step: z.string().describe('name of the step'),
    state: z.enum(['started', 'done', 'failed']).describe('`started`, `done` or `failed`'),
    ms: z.int().nonnegative().exactOptional().describe('milliseconds that the step took'),
  },
  part: {
    part: z.string().describe('a service, a build target, or a URL of the health check'),
    done: z
      .int()
      .nonnegative()
      .describe('tasks that run the new spec, finished build steps, or good answers'),
    of: z.int().nonnegative().describe('the number that `done` must reach'),
    note: z.string().exactOptional().describe('what the part does or waits for'),
  },
  task: {
    task: z.string().describe('`shop_api.2`; for a global service `shop_api@m1`'),
    service: z.string().describe('service of the task'),
    taskId: z.string().describe('id of the task in Swarm'),
    node: z.string().describe('node of the task; empty before Swarm assigns one'),
    state: z.string().describe('state in Swarm: `preparing`, `running`, `failed`, …'),
    spec: z.enum(['new', 'before']).describe('`new`, or `before` while Waggle restores the stack'),
    error: z.string().exactOptional().describe('reason of a failed task'),
  },
  warning: {
    rule: z.string().describe('id of the rule, for `# waggle-ignore <rule>`'),
    findings: z
      .array(
        z.strictObject({
          file: z.string(),
          line: z.int().positive().exactOptional(),
          column: z.int().positive().exactOptional(),
          message: z.string(),
        }),
      )
      .describe('every place, with `file`, `line`, `column` and `message`'),
  },
  result: {
    release: z.string().describe('name of the release, `r42`; empty for a plan'),
    id: z.string().describe('id of the release, `<tag>_<UTC time>`'),
    changed: z.boolean().describe('`true` if the run changed the stack, or the plan would'),
    digests: z.record(z.string(), z.string()).describe('image with tag → `sha256:…`'),
    url: z.string().describe('first URL of the health check'),
    summary: z.string().describe('the whole result in Markdown'),
  },
};

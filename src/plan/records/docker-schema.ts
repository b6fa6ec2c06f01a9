import * as z from 'zod';

/** What Waggle reads of the objects of Docker that records hold. Docker's other fields pass. */

const labels = z.record(z.string(), z.string());
const texts = z.array(z.string());

const file = z.looseObject({
  Name: z.string().exactOptional(),
  UID: z.string().exactOptional(),
  GID: z.string().exactOptional(),
  Mode: z.number().exactOptional(),
});

const port = z.looseObject({
  Protocol: z.string().exactOptional(),
  TargetPort: z.number().exactOptional(),
  PublishedPort: z.number().exactOptional(),
  PublishMode: z.string().exactOptional(),
});

const container = z.looseObject({
  Image: z.string().exactOptional(),
  Command: texts.exactOptional(),
  Args: texts.exactOptional(),
  Labels: labels.exactOptional(),
  Env: texts.exactOptional(),
  Mounts: z.array(z.looseObject({ Target: z.string().exactOptional() })).exactOptional(),
  Secrets: z
    .array(
      z.looseObject({
        SecretID: z.string().exactOptional(),
        SecretName: z.string().exactOptional(),
        File: file.nullish(),
      }),
    )
    .exactOptional(),
  Configs: z
    .array(
      z.looseObject({
        ConfigID: z.string().exactOptional(),
        ConfigName: z.string().exactOptional(),
        File: file.nullish(),
      }),
    )
    .exactOptional(),
});

const task = z.looseObject({
  ContainerSpec: container.exactOptional(),
  Networks: z
    .array(z.looseObject({ Target: z.string().exactOptional(), Aliases: texts.exactOptional() }))
    .exactOptional(),
  Placement: z.looseObject({ Constraints: texts.exactOptional() }).exactOptional(),
});

const job = { MaxConcurrent: z.number().exactOptional(), TotalCompletions: z.number().exactOptional() };
const mode = z.looseObject({
  Replicated: z.looseObject({ Replicas: z.number().exactOptional() }).exactOptional(),
  Global: z.looseObject({}).exactOptional(),
  ReplicatedJob: z.looseObject(job).exactOptional(),
  GlobalJob: z.looseObject({}).exactOptional(),
});

export const specSchema = z.looseObject({
  Name: z.string().min(1),
  Labels: labels.exactOptional(),
  Mode: mode.exactOptional(),
  EndpointSpec: z.looseObject({ Ports: z.array(port).exactOptional() }).exactOptional(),
  TaskTemplate: task.exactOptional(),
});

export const networkSchema = z.looseObject({
  id: z.string(),
  name: z.string(),
  driver: z.string(),
  options: labels,
  internal: z.boolean(),
  attachable: z.boolean(),
  labels,
  ipv6: z.boolean(),
  ipam: z.looseObject({ Config: z.array(z.looseObject({})).nullish() }).nullish(),
});

export const serviceSchema = z.looseObject({
  id: z.string(),
  name: z.string(),
  version: z.number(),
  spec: specSchema,
  previousSpec: specSchema.optional(),
  update: z.looseObject({ state: z.string(), message: z.string() }).optional(),
  wanted: z.number(),
});

export const objectSchema = z.looseObject({
  kind: z.enum(['secret', 'config']),
  id: z.string(),
  name: z.string(),
  labels,
  createdAt: z.string(),
  templating: z.string().optional(),
  data: z.string().optional(),
});

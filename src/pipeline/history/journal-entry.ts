import * as z from 'zod';
import { networkSchema, objectSchema, serviceSchema, specSchema } from '../../plan/records/docker-schema.ts';
import type { ObjectKind } from '../../plan/release/release.ts';
import type { Templates } from '../../plan/spec/templates.ts';
import type { LiveNetwork } from '../../shared/network.ts';
import { type Project, projectSchema } from '../../shared/project.ts';
import type { SwarmService } from '../../shared/swarm.ts';
import type { Snapshot, UsedObject } from '../../swarm/plan-restore.ts';

/** The planned changes of a run, written to the cluster before the first change, so that the next run can restore the stack. */
export interface JournalEntry {
  /** The release that is being deployed. */
  readonly id: string;
  readonly who: string;
  /** ISO 8601. */
  readonly since: string;
  readonly before: Snapshot;
  /** What its jobs do to a database cannot be undone. */
  readonly isIrreversible?: boolean;
  /** Secrets and configs that it makes. */
  readonly objects: readonly { readonly kind: ObjectKind; readonly name: string }[];
  /** Swarm's id of the cluster. */
  readonly cluster?: string | undefined;
  /** The repository that it is deployed from. */
  readonly project?: Project | undefined;
  /** What it is to change, a line each. */
  readonly plan?: readonly string[];
  /** What it sends to Docker, or what that which it pushes was made of, with `${NAME}` in place of sensitive values. */
  readonly stackFile?: string;
  /** What of its services must not be shown. */
  readonly templates: Templates;
}

/** As JSON can say it. */
export interface StoredEntry extends Omit<JournalEntry, 'before'> {
  /** Of what was before. */
  readonly templatesBefore: Templates;
  readonly services: readonly SwarmService[];
  readonly networks: readonly LiveNetwork[];
  /** Absent of what an older Waggle wrote. */
  readonly used?: readonly UsedObject[];
  readonly taskIds: readonly string[];
  readonly running: readonly (readonly [string, number])[];
}

export function plain({ before, ...intent }: JournalEntry): StoredEntry {
  const { services, templates: templatesBefore, networks, used, taskIds, running } = before;
  return {
    ...intent,
    services,
    templatesBefore,
    networks,
    used,
    taskIds: [...taskIds],
    running: [...running],
  };
}

const schema = z.looseObject({
  id: z.string(),
  who: z.string(),
  since: z.string(),
  isIrreversible: z.boolean().exactOptional(),
  objects: z.array(z.looseObject({ kind: z.enum(['secret', 'config']), name: z.string() })),
  cluster: z.string().optional(),
  project: projectSchema.optional(),
  plan: z.array(z.string()).exactOptional(),
  stackFile: z.string().exactOptional(),
  templates: z.array(specSchema).exactOptional(),
  services: z.array(serviceSchema),
  templatesBefore: z.array(specSchema).exactOptional(),
  networks: z.array(networkSchema),
  used: z.array(objectSchema).exactOptional(),
  taskIds: z.array(z.string()),
  running: z.array(z.tuple([z.string(), z.number()])),
});
/** A field of a later version passes. */
export const plainSchema = schema as z.ZodType<StoredEntry>;

export function fromPlain(stored: StoredEntry): JournalEntry {
  const { services, networks, taskIds, running, used = [], templatesBefore = [], ...intent } = stored;
  const tasks = { taskIds: new Set(taskIds), running: new Map(running) };
  const before = { services, templates: templatesBefore, networks, used, ...tasks };
  return { ...intent, templates: intent.templates ?? [], before };
}

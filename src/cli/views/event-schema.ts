import { z } from 'zod';
import { eventFields } from '../../shared/event-fields.ts';

const common = {
  level: z
    .union([z.literal(20), z.literal(30), z.literal(40), z.literal(50)])
    .describe('20 debug, 30 info, 40 warning, 50 error'),
  time: z.iso.datetime().describe('ISO 8601, by the clock of this machine'),
  msg: z.string().describe('the event in words'),
};

/** A line of `--json`, as DEPLOYING.md documents it. Fields may be added; none is renamed or taken away. */
export const eventSchema = z.union([
  z.strictObject({ ...common, ...eventFields.step }),
  z.strictObject({ ...common, ...eventFields.part }),
  z.strictObject({ ...common, ...eventFields.task }),
  z.strictObject({ ...common, ...eventFields.warning }),
  z.strictObject({ ...common, ...eventFields.result }),
  z.strictObject(common),
]);

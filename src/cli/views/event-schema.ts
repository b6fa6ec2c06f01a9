import { z } from 'zod';
import { eventFields } from '../../shared/event-fields.ts';

/** Fields of every event. */
export const commonFields = {
  level: z
    .union([z.literal(20), z.literal(30), z.literal(40), z.literal(50)])
    .describe('20 debug, 30 info, 40 warning, 50 error'),
  time: z.iso.datetime().describe('ISO 8601, from the clock of this machine'),
  msg: z.string().describe('the event as a sentence'),
};

/** A line of `--json`, as docs/reference/events.md documents it. Fields may be added; none is renamed or taken away. */
export const eventSchema = z.union([
  z.strictObject({ ...commonFields, ...eventFields.step }),
  z.strictObject({ ...commonFields, ...eventFields.part }),
  z.strictObject({ ...commonFields, ...eventFields.task }),
  z.strictObject({ ...commonFields, ...eventFields.warning }),
  z.strictObject({ ...commonFields, ...eventFields.result }),
  z.strictObject(commonFields),
]);

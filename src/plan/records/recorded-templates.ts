import * as z from 'zod';
import type { SwarmRecord } from '../../shared/swarm.ts';
import type { Templates } from '../spec/templates.ts';
import { specSchema } from './docker-schema.ts';
import { findReadableRunning } from './find-release.ts';
import { isOfKind, judgeStored } from './stored.ts';

const journal = z.looseObject({ templates: z.array(specSchema) });

/** Templates of all that may run: of the last release, and of runs that are under way or were killed. */
export function recordedTemplates(records: readonly SwarmRecord[]): Templates {
  const begun = records.filter(isOfKind('journal')).flatMap((record) => {
    const judged = judgeStored(journal, record, records);
    return 'value' in judged ? (judged.value.templates as Templates) : [];
  });
  return [...(findReadableRunning(records)?.templates ?? []), ...begun];
}
